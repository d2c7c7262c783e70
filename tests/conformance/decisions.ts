/** Files on which the oracles disagree, or on which none can be asked: what decides, and by which paragraph. */

export interface Decision {
  /** Whose hash is right, or the file whose values these must be, or the reason why the file is refused. */
  readonly by: { readonly oracle: 'pydicom' | 'gdcm' | 'dcmtk' } | { readonly sameAs: string } | { readonly refused: string }
  readonly why: string
}

/** By the path in the corpus. */
export const decisions: Readonly<Record<string, Decision>> = {
  'pydicom-data/OBXXXX1A_expb.dcm': {
    by: { oracle: 'gdcm' },
    why: 'PS3.5 8.1.1: 8-bit pixels in OW are swapped within their 16-bit words',
  },
  'pydicom/SC_rgb_small_odd_big_endian.dcm': {
    by: { oracle: 'gdcm' },
    why: 'PS3.5 8.1.1: 8-bit pixels in OW are swapped within their 16-bit words',
  },
  'pydicom/rtdose_expb.dcm': { by: { sameAs: 'pydicom/rtdose.dcm' }, why: 'PS3.5 7.3: all four bytes of a 32-bit pixel are turned' },
  'pydicom/rtdose_expb_1frame.dcm': {
    by: { sameAs: 'pydicom/rtdose_1frame.dcm' },
    why: 'PS3.5 7.3: all four bytes of a 32-bit pixel are turned',
  },
  'pydicom/SC_rgb_rle_16bit.dcm': {
    by: { sameAs: 'pydicom-data/SC_rgb_16bit.dcm' },
    why: 'PS3.5 G.2: one segment for each byte, the most significant first',
  },
  'pydicom/SC_rgb_rle_32bit.dcm': {
    by: { sameAs: 'pydicom-data/SC_rgb_32bit.dcm' },
    why: 'PS3.5 G.2: one segment for each byte, the most significant first',
  },
  'pydicom-data/liver_j2k.dcm': { by: { sameAs: 'pydicom-data/liver.dcm' }, why: 'the values of a 1-bit code stream are 0 and 1' },
  'pydicom-data/liver_rle.dcm': { by: { sameAs: 'pydicom-data/liver.dcm' }, why: 'PS3.5 G.2: packed bits, one segment' },
  'pydicom-data/liver_deflate.dcm': { by: { sameAs: 'pydicom-data/liver.dcm' }, why: 'PS3.5 A.4.14: each frame is one raw deflate stream' },
  'pydicom-data/liver_nonbyte_aligned_deflate.dcm': {
    by: { sameAs: 'pydicom-data/liver_nonbyte_aligned.dcm' },
    why: 'PS3.5 A.4.14: each frame is one raw deflate stream',
  },
  'pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': {
    by: { sameAs: 'pydicom-data/emri_small.dcm' },
    why: 'all fragments are whole; only the sequence delimiter behind them is missing',
  },
  'pydicom/J2K_pixelrep_mismatch.dcm': {
    by: { oracle: 'pydicom' },
    why: 'unsigned code stream, signed header: the bits are a two’s complement; air is -2000 HU, not 6192',
  },
  'pylibjpeg-data/JPEG2000Lossless/TOSHIBA_J2K_SIZ1_PixRep0.dcm': {
    by: { sameAs: 'pylibjpeg-data/JPEG2000Lossless/TOSHIBA_J2K_SIZ0_PixRep1.dcm' },
    why: 'signed code stream, unsigned header: the values are those of the same picture written the other way round',
  },
  'wg04/RG3_JPLY': { by: { oracle: 'dcmtk' }, why: 'a lossy decoder may give 1024 for 10 bits; wrapping it to 0 makes white black' },
  'pydicom/no_meta.dcm': { by: { refused: 'file.not-dicom' }, why: 'a stray byte stands before the data set' },
  'pydicom/meta_missing_tsyntax.dcm': { by: { refused: 'dicom.attribute' }, why: 'no rows, no columns' },
  'pydicom/nested_priv_SQ.dcm': { by: { refused: 'dicom.attribute' }, why: 'no rows, no columns' },
  'pydicom/rtplan_truncated.dcm': { by: { refused: 'file.damaged' }, why: 'cut within a sequence' },
  'pydicom/MR_truncated.dcm': { by: { refused: 'pixels.size' }, why: 'cut within its only frame; GDCM fills with zeros' },
  'pydicom/JPEG2000-embedded-sequence-delimiter.dcm': { by: { refused: 'pixels.code-stream' }, why: 'the code stream is broken' },
  'dcm4che/3gb-bulk-data-truncated': { by: { refused: 'dicom.limit' }, why: '3 GB of pixels stated in 100 kB' },
  'dcm4che/will-jxl.dcm': { by: { refused: 'pixels.transfer-syntax' }, why: 'JPEG XL is named and refused' },
}

/**
 * Files with something else in the bits above those stored. The oracles hand out whole words;
 * PS3.5 8.1.1 has only the stored bits as the sample, so theirs are cut to these (by our own, plain arithmetic) before comparing.
 */
export const unusedBits: readonly string[] = [
  'dcm-qa/dcm_qa_12bit/In/12bitSigned_0x0F0F.dcm',
  'dcm-qa/dcm_qa_12bit/In/12bitUnsigned_0x0F0F.dcm',
  'dcm4che/ovly_p01.dcm',
  'pydicom-data/JLSL_16_15_1_1F.dcm',
  'pydicom-data/mlut_18.dcm',
]

/** Pictures on which DCMTK shows something else, and why ours is right. `worst` bounds the difference. */
export const displayDecisions: Readonly<Record<string, { readonly worst: number; readonly why: string }>> = {
  'dcm4che/YBR_FULL-RLE.dcm': { worst: 2, why: 'DCMTK cuts off the fractions of each product of PS3.3 C.7.6.3.1.2 before it adds them' },
  'pydicom-data/SC_ybr_full_uncompressed.dcm': {
    worst: 2,
    why: 'DCMTK cuts off the fractions of each product of PS3.3 C.7.6.3.1.2 before it adds them',
  },
  'pydicom/rtdose_expb.dcm': { worst: 255, why: 'PS3.5 7.3: DCMTK swaps within 16-bit words' },
  'pydicom/rtdose_expb_1frame.dcm': { worst: 255, why: 'PS3.5 7.3: DCMTK swaps within 16-bit words' },
  'wg04/RG3_JPLY': { worst: 255, why: 'eight pixels of 1024 in 10 bits, which DCMTK wraps to 0 when it renders' },
  'pylibjpeg-data/JPEG2000Lossless/TOSHIBA_J2K_SIZ1_PixRep0.dcm': { worst: 255, why: 'the code stream is signed: air is black, not white' },
  'pylibjpeg-data/JPEGBaseline/SC_rgb_jpeg_lossy_gdcm.dcm': {
    worst: 255,
    why: 'the header says RGB, the code stream holds YCbCr: the bars are red, not blue, as in the other copies of this picture',
  },
}

/** Header facts that differ from pydicom's, and why ours are right. */
export const headerDecisions: Readonly<Record<string, { readonly fields: readonly string[]; readonly why: string }>> = {
  'pydicom/badVR.dcm': { fields: ['numberOfFrames'], why: '(0028,0008) holds "1A", which is no number: one frame, as the pixel data has' },
  'dcm4che/3gb-bulk-data-truncated': {
    fields: ['rows', 'columns', 'bitsAllocated', 'samplesPerPixel'],
    why: 'attributes of one value hold two; the first counts',
  },
}

/** Folders beside the corpus whose affines are compared with dcm2niix's as well. */
export const affineFolders: readonly string[] = ['studies']

/** Series on which dcm2niix has another affine, and why ours is right. */
export const affineDecisions: Readonly<Record<string, string>> = {
  'derived/rtdose32_rle_gdcm.dcm':
    'PS3.3 C.8.8.3.2: the planes of a dose grid lie by (3004,000C), which is 5 mm apart here; dcm2niix does not read it and takes 1 mm',
  'studies/pd_head_mr':
    'positions are written to a tenth of a millimetre; dcm2niix takes the first gap (6.958 mm) for all and misses the last slice by 0.69 mm, we take the mean (6.997 mm)',
}

/**
 * Files that DCMTK cannot render, with another of the same picture that it can: ours must show both alike.
 * The second one is compared with DCMTK in its own line.
 */
export const sameDisplay: Readonly<Record<string, string>> = {
  'htj2k/CT1_JPH': 'wg04/CT1_UNC',
  'htj2k/US1_JPH': 'wg04/US1_UNC',
  'htj2k/NM1_JPH': 'wg04/NM1_J2KR',
  'htj2k/XA1_JPH': 'wg04/XA1_J2KR',
  'htj2k/VL1_JPH': 'wg04/VL1_J2KR',
  'pydicom-data/liver_deflate.dcm': 'pydicom-data/liver.dcm',
  'pydicom-data/liver_rle.dcm': 'pydicom-data/liver.dcm',
  'pydicom-data/liver_nonbyte_aligned_deflate.dcm': 'pydicom-data/liver_nonbyte_aligned.dcm',
  'pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': 'pydicom-data/emri_small.dcm',
  'pydicom-data/SC_rgb_32bit.dcm': 'pydicom-data/SC_rgb_16bit.dcm',
  'pydicom-data/SC_rgb_32bit_2frame.dcm': 'pydicom-data/SC_rgb_expb_16bit_2frame.dcm',
  'pydicom-data/SC_rgb_expb_32bit_2frame.dcm': 'pydicom-data/SC_rgb_expb_16bit_2frame.dcm',
  'dicomparser/encapsulated/multi-frame/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm':
    'dicomparser/encapsulated/multi-frame/CT0012.not_fragmented_bot_rle.dcm',
  'dicomparser/encapsulated/multi-frame/CT0012.fragmented_no_bot_jpeg_lossless.70.dcm':
    'dicomparser/encapsulated/multi-frame/CT0012.not_fragmented_bot_rle.dcm',
  'dicomparser/encapsulated/multi-frame/CT0012.fragmented_no_bot_jpeg_ls.80.dcm':
    'dicomparser/encapsulated/multi-frame/CT0012.not_fragmented_bot_rle.dcm',
}

/** Generated objects on which ours differ from standard.py, and why they are right. */
export const generatedDecisions: readonly { readonly name: RegExp; readonly why: string }[] = []
