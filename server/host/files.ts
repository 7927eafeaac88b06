// Resource files from the disk to SourceFiles. Of a big seed only the header line and the checksum are kept: data is no business of ours,
// but for the rows that a unit test takes from a seed.

import { createHash } from 'node:crypto'
import type { SourceFile } from '../dbt/files.ts'
import { stemOf } from '../dbt/nodes/resource-file.ts'
import type { FoundFile } from '../dbt/project/resource-files.ts'
import type { Rules } from '../dbt/rules/rules.ts'
import { strip } from '../text/python.ts'
import { readText } from './disk.ts'

type SeedRules = Pick<Rules, 'seedNewlines' | 'seedSizeLimit'>

export function readSourceFile(path: string): { readonly file: SourceFile; readonly stamp: string } | null {
  const read = readText(path)
  if (!read) return null
  const { text, size, undecodable, cutAt, stamp } = read
  return { file: { path, text, size, ...(undecodable === null ? {} : { undecodable }), ...(cutAt === null ? {} : { cutAt }) }, stamp }
}

/**
 * The text of a small seed and of one whose rows are wanted (up to what readText reads), of others the header, and the sha256 dbt takes of a seed: of the stripped text, with newlines made \n from 1.12 on (artifacts FileHash.from_path).
 * Over the limit dbt hashes the path instead; `checksum` is then absent.
 */
export function readSeed(path: string, rules: SeedRules, wanted: 'header' | 'rows' = 'header'): SourceFile | null {
  const head = readText(path, wanted === 'rows' ? undefined : HEADER_BYTES)
  if (!head) return null
  const isWhole = head.cutAt === null && (wanted === 'rows' || head.size <= SMALL_BYTES)
  const seed: SourceFile = isWhole ? { path, text: head.text, size: head.size } : { path, text: headerOf(head.text), size: head.size, headerOnly: true }
  if (rules.seedSizeLimit !== 0 && head.size > rules.seedSizeLimit) return seed
  const whole = head.cutAt === null ? head : readText(path, head.size)
  if (!whole) return seed
  if (whole.undecodable !== null) return { ...seed, undecodable: whole.undecodable }
  const content = rules.seedNewlines === 'universal' ? whole.text.replace(/\r\n?/g, '\n') : whole.text
  return { ...seed, checksum: createHash('sha256').update(strip(content)).digest('hex') }
}

const HEADER_BYTES = 256 * 1024
const SMALL_BYTES = 64 * 1024

/** The first record: up to the first line break outside of quotes. */
function headerOf(text: string): string {
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 34) quoted = !quoted
    else if (!quoted && (c === 10 || c === 13)) return text.slice(0, i)
  }
  return text
}

/** Big seeds whose rows a unit test may take: those that a property file with unit tests names. More than needed does no harm; one that is missed is unknown there. */
export function seedsForUnitTests(resources: readonly FoundFile[], files: ReadonlyMap<string, SourceFile>): string[] {
  const big = resources.filter(({ path, kind }) => kind === 'seed' && files.get(path)?.headerOnly)
  if (big.length === 0) return []
  const texts = resources.flatMap(({ path, kind }) => (kind === 'schema' ? [files.get(path)?.text ?? ''] : [])).filter((text) => text.includes('unit_tests'))
  return big.flatMap(({ path }) => { const name = stemOf(path, false); return texts.some((text) => text.includes(name)) ? [path] : [] })
}
