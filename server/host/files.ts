// Resource files from the disk to SourceFiles. Of a big seed only the header line and the checksum are kept: data is no business of ours,
// but for the rows that a unit test takes from a seed.

import { createHash } from 'node:crypto'
import type { SourceFile } from '../dbt/files.ts'
import type { Rules } from '../dbt/rules/rules.ts'
import { strip } from '../text/python.ts'
import { readText } from './disk.ts'

type SeedRules = Pick<Rules, 'seedNewlines' | 'seedSizeLimit'>

export function readSourceFile(path: string): SourceFile | null {
  const read = readText(path)
  if (!read) return null
  const { text, size, undecodable, cutAt } = read
  return { path, text, size, ...(undecodable === null ? {} : { undecodable }), ...(cutAt === null ? {} : { cutAt }) }
}

/**
 * The text of a small seed, of others the header, and the sha256 dbt takes of a seed: of the stripped text, with newlines made \n from 1.12 on (artifacts FileHash.from_path).
 * Over the limit dbt hashes the path instead; `checksum` is then absent.
 */
export function readSeed(path: string, rules: SeedRules): SourceFile | null {
  const head = readText(path, HEADER_BYTES)
  if (!head) return null
  const text = head.size <= SMALL_BYTES ? head.text : headerOf(head.text)
  const seed: SourceFile = { path, text, size: head.size }
  if (rules.seedSizeLimit !== 0 && head.size > rules.seedSizeLimit) return seed
  const whole = head.size <= HEADER_BYTES ? head : readText(path, head.size)
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
