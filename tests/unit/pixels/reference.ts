/**
 * Files with known stored values: the first 16 hexadecimal digits of the SHA-256 over all frames, little endian, colour by pixel.
 * Each hash was computed by at least two of pydicom, GDCM, DCMTK and OpenJPH, or by one where the others lack the codec.
 */
export interface ReferenceFile {
  /** In ../shared/data/dicom. */
  readonly path: string
  readonly what: string
  readonly hash: string
}

export const referenceFiles: readonly ReferenceFile[] = [
  { path: 'pydicom/CT_small.dcm', what: 'explicit little endian, signed 16 bit', hash: '7a481f6ffff833ae' },
  { path: 'pydicom/MR_small_bigendian.dcm', what: 'explicit big endian, 16 bit', hash: '88617aaa46138fb1' },
  { path: 'pydicom/SC_rgb_small_odd.dcm', what: 'RGB, odd number of bytes', hash: 'ef2df252ba3cd066' },
  { path: 'pydicom/SC_rgb_small_odd_big_endian.dcm', what: 'RGB in big endian words', hash: 'ef2df252ba3cd066' },
  { path: 'pydicom/liver_1frame.dcm', what: '1 bit', hash: 'e036a07b502fdfd1' },
  { path: 'pydicom-data/liver_nonbyte_aligned.dcm', what: '1 bit, frames that begin within a byte', hash: '842dd64c92ce1a92' },
  { path: 'pydicom-data/liver_nonbyte_aligned_deflate.dcm', what: '1 bit, deflated frames', hash: '842dd64c92ce1a92' },
  { path: 'pydicom/rtdose.dcm', what: '32 bit, implicit', hash: 'e30a4288ac229022' },
  { path: 'pydicom/rtdose_expb.dcm', what: '32 bit, big endian', hash: 'e30a4288ac229022' },
  { path: 'pydicom/image_dfl.dcm', what: 'deflated data set', hash: '1f5f1b1c1a57606a' },
  { path: 'pydicom-data/parametric_map_float.dcm', what: 'float pixel data', hash: 'ef41ff13cf378171' },
  { path: 'pydicom/MR_small_RLE.dcm', what: 'RLE, 16 bit', hash: '88617aaa46138fb1' },
  { path: 'pydicom/rtdose_rle.dcm', what: 'RLE, 32 bit, 15 frames', hash: 'e30a4288ac229022' },
  { path: 'pydicom/SC_rgb_jpeg_dcmtk.dcm', what: 'JPEG Baseline, colour', hash: 'ddddadc3c3d361b5' },
  { path: 'pydicom/JPEG-lossy.dcm', what: 'JPEG Extended, 12 bit', hash: 'd30242775a414c01' },
  { path: 'wg04/CT1_JPLL', what: 'JPEG Lossless, first-order', hash: '1add6ede29758c6f' },
  { path: 'wg04/CT1_JLSL', what: 'JPEG-LS', hash: '1add6ede29758c6f' },
  { path: 'wg04/MR1_JLSN', what: 'JPEG-LS near-lossless', hash: '1fa57e76a995a521' },
  { path: 'pydicom-data/JLSL_RGB_ILV0.dcm', what: 'JPEG-LS, colour by plane', hash: 'ed1fce22a62e4194' },
  { path: 'pydicom-data/JLSL_RGB_ILV2.dcm', what: 'JPEG-LS, colour by pixel', hash: 'ed1fce22a62e4194' },
  { path: 'wg04/CT1_J2KR', what: 'JPEG 2000 lossless', hash: '1add6ede29758c6f' },
  { path: 'wg04/VL1_J2KI', what: 'JPEG 2000 lossy, colour', hash: 'f96fbd0a437f8923' },
  { path: 'pydicom/J2K_pixelrep_mismatch.dcm', what: 'JPEG 2000 unsigned, header signed', hash: '1296350a0006ef69' },
  { path: 'htj2k/CT1_JPH', what: 'HTJ2K lossless', hash: '1add6ede29758c6f' },
  { path: 'htj2k/US1_JPH', what: 'HTJ2K, colour', hash: 'e16892020c73095e' },
]

/** Files that are refused: by which code and with which words. */
export const refusedFiles: readonly { readonly path: string; readonly says: RegExp }[] = [
  { path: 'dcm4che/will-jxl.dcm', says: /not yet supported: JPEG XL/ },
  { path: 'pydicom/MR_truncated.dcm', says: /frame 1 needs 8192 bytes of pixel data, 8130 are there/ },
  { path: 'pydicom/JPEG2000-embedded-sequence-delimiter.dcm', says: /damaged/ },
  { path: 'dcm4che/3gb-bulk-data-truncated', says: /the picture is 32768 × 32768 × 3/ },
]
