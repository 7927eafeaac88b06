// Rows of CSV as Python's csv.DictReader reads them (dialect excel, not strict): every value a text, None where a row is short.
// For unit tests' fixtures; dbt 1.12 parser/unit_tests.py, parser/fixtures.py. Seeds themselves are never read here.

import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'

/** One dict a row; the first row names the columns. What a row has too much stands under None, as a list. */
export function csvRows(text: string): PyDict[] {
  const [names, ...rows] = records(text)
  if (!names) return []
  return rows.filter(row => row.length > 0).map(row => {
    const fields = new Map<Value, Value>(names.map((name, index) => [name, row[index] ?? null]))
    if (row.length > names.length) fields.set(null, new PyList(row.slice(names.length)))
    return new PyDict([...fields])
  })
}

/** The fields of every line; an empty line has none. */
function records(text: string): string[][] {
  const found: string[][] = []
  let row: string[] = []
  let field = ''
  let begun = false
  let quoted = false
  const endField = (): void => { row.push(field); field = ''; begun = false }
  const endRow = (): void => {
    if (begun || row.length > 0) endField()
    found.push(row)
    row = []
  }
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quoted) {
      if (char !== '"') field += char
      else if (text.charAt(at + 1) === '"') { field += '"'; at++ }
      else quoted = false
    } else if (char === '"' && !begun) { quoted = true; begun = true }
    else if (char === ',') endField()
    else if (char === '\n' || (char === '\r' && text.charAt(at + 1) === '\n')) { endRow(); if (char === '\r') at++ }
    else { field += char; begun = true }
  }
  if (begun || row.length > 0) endRow()
  return found
}
