import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv } from '../../../main/evaluation/csv'
import { folderOf, inNaturalOrder, maskName, pictureName } from '../../../main/evaluation/picture-name'
import { readPictureTable } from '../../../main/evaluation/tables'

const bytes = (text: string) => new TextEncoder().encode(text)
const refusal = (detail: RegExp) => expect.objectContaining({ code: 'evaluation.table', detail: expect.stringMatching(detail) })

describe('comma-separated tables', () => {
  test('take quotes, quotes in quotes, line ends of both kinds within and between rows, and a byte order mark', () => {
    const rows = readCsv(bytes('\uFEFFa,b\r\n"x, ""y""","line 1\nline 2"\n\n3,\n'))
    expect(rows).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['x, "y"', 'line 1\nline 2'] },
      { line: 5, fields: ['3', ''] },
    ])
  })

  test('give back whatever was written with every field quoted', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.string()), { minLength: 1, maxLength: 8 }), (rows) => {
        const text = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\r\n')
        expect(readCsv(bytes(text)).map(({ fields }) => fields)).toEqual(rows)
      }),
    ))

  test.each([
    { what: 'nothing', text: '\n\n', says: /empty/ },
    { what: 'a row of another length', text: 'a,b\n1\n', says: /line 2 has 1 fields/ },
    { what: 'a quote that is never closed', text: 'a\n"1\n2\n', says: /line 2 is never closed/ },
    { what: 'a quote in a plain field', text: 'a\n1"2\n', says: /line 2/ },
    { what: 'text behind a quoted field', text: 'a\n"1"2\n', says: /line 2/ },
    { what: 'a carriage return by itself', text: 'a\r1\r', says: /line 1/ },
    { what: 'a field without end', text: `a\n${'x'.repeat(5000)}\n`, says: /4096/ },
    { what: 'columns without end', text: ','.repeat(400), says: /300/ },
  ])('refuse $what', ({ text, says }) => expect(() => readCsv(bytes(text))).toThrow(refusal(says)))

  test('refuse what is not UTF-8', () => expect(() => readCsv(Uint8Array.of(0x61, 0xff))).toThrow(refusal(/UTF-8/)))
})

describe('a table of pictures', () => {
  test('says of each label whether the picture has it, or that it is not known', () => {
    const table = readPictureTable(bytes('file,patient,opacity,nodule\na/1.png,p1,1,0\n a\\2.png ,,0,\n'), ['opacity', 'nodule', 'mass'])
    expect(table).toMatchObject({ key: 'file', labels: ['opacity', 'nodule'] })
    expect([...table.rows.values()]).toEqual([
      { picture: 'a/1.png', patient: 'p1', truths: { opacity: true, nodule: false } },
      { picture: 'a/2.png', patient: null, truths: { opacity: false, nodule: null } },
    ])
  })

  test('may name pictures by SOP Instance UID', () => {
    const table = readPictureTable(bytes('opacity,sopInstanceUid\n1,1.2.3\n'), ['opacity'])
    expect(table.key).toBe('sopInstanceUid')
    expect(table.rows.get('1.2.3')?.truths).toEqual({ opacity: true })
  })

  test.each([
    { what: 'a mistyped label', text: 'file,opacty\na.png,1\n', says: /column 2 is none of file, sopInstanceUid, patient, opacity/ },
    { what: 'a column twice', text: 'file,opacity,opacity\na.png,1,1\n', says: /twice/ },
    { what: 'no name of the picture', text: 'patient,opacity\np,1\n', says: /one of the columns/ },
    { what: 'two names of the picture', text: 'file,sopInstanceUid\na,1\n', says: /one of the columns/ },
    { what: 'a label that is neither', text: 'file,opacity\na.png,yes\n', says: /line 2/ },
    { what: 'a picture twice', text: 'file,opacity\na.png,1\nb.png,0\na.png,0\n', says: /line 4/ },
    { what: 'an empty name', text: 'file,opacity\n,1\n', says: /line 2/ },
    { what: 'a way out of the folder', text: 'file,opacity\n../../etc/passwd,1\n', says: /line 2 names no picture below/ },
  ])('refuses $what', ({ text, says }) => expect(() => readPictureTable(bytes(text), ['opacity'])).toThrow(refusal(says)))
})

describe('names of pictures', () => {
  test.each(['..', 'a/../b', '/etc/passwd', 'C:\\x', 'a//b', './a', 'a/', 'a\0b', ''])('%j is none', (name) =>
    expect(pictureName(name)).toBeNull(),
  )

  test.each([
    { picture: 'a/x.dcm', frame: null, mask: 'a/x.png' },
    { picture: 'a/x.PNG', frame: null, mask: 'a/x.png' },
    { picture: 'x.dcm', frame: 12, mask: 'x-12.png' },
    { picture: '1.2.840.5', frame: null, mask: '1.2.840.5.png' },
    { picture: 'IM0001', frame: null, mask: 'IM0001.png' },
  ])('the mask of $picture, frame $frame, is $mask', ({ picture, frame, mask }) => expect(maskName(picture, frame)).toBe(mask))

  test('are in natural order, whatever the order of the disk', () =>
    expect(inNaturalOrder(['s/10.png', 's/2.png', 's/1.png', 'a.png'])).toEqual(['a.png', 's/1.png', 's/2.png', 's/10.png']))

  test('tell their folder', () => expect(['a/b/c.png', 'c.png'].map(folderOf)).toEqual(['a/b', '']))
})
