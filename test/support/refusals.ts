// The small broken projects of fixtures/refusals and what real dbt says of them.

import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'refusals')

export interface RefusalCase {
  readonly name: string
  /** By path, those of the base project beneath; marks of places taken out. */
  readonly files: ReadonlyMap<string, string>
  /** `⟦…⟧` in the order in which they stand. */
  readonly places: readonly { readonly path: string; readonly start: number; readonly end: number }[]
}

export interface Said {
  readonly error: string | null
  readonly warnings: readonly (readonly [event: string, text: string])[]
  /** What is wrong with the semantic manifest, sentence by sentence. */
  readonly findings?: readonly string[]
}
export interface Finding { readonly severity: string; readonly code: string; readonly message: string; readonly path?: string; readonly line?: number; readonly column?: number }

export function refusalCases(): RefusalCase[] {
  const sections = readFileSync(path.join(folder, 'cases.txt'), 'utf8').split(/^## /m).slice(1).map((text) => {
    const end = text.indexOf('\n')
    return { name: text.slice(0, end).trim(), files: filesOf(text.slice(end + 1)) }
  })
  const base = sections.shift()?.files ?? new Map<string, string>()
  return sections.map(({ name, files }) => {
    const places: RefusalCase['places'][number][] = []
    const plain = new Map<string, string>([...base, ...files])
    for (const [at, text] of files) plain.set(at, unmarked(at, text, places))
    return { name, files: plain, places }
  })
}

/** As record_refusals.py reads them: lines before the first `//-` are models/s.yml, empty lines at the start of a file do not count. */
function filesOf(text: string): Map<string, string> {
  const files = new Map<string, string>()
  let at = 'models/s.yml'
  for (const line of text.split('\n')) {
    if (line.startsWith('//- ')) at = line.slice(4).trim()
    else if (line !== '' || files.has(at)) files.set(at, `${files.get(at) ?? ''}${line}\n`)
  }
  return files
}

function unmarked(at: string, text: string, places: RefusalCase['places'][number][]): string {
  let plain = ''
  let start = 0
  for (const part of text.split(/([⟦⟧])/)) {
    if (part === '⟦') start = plain.length
    else if (part === '⟧') places.push({ path: at, start, end: plain.length })
    else plain += part
  }
  return plain
}

/** What dbt 1.12 says for a target of the base project. */
export function saidByDbt1(): (name: string, target: 'duck' | 'snow') => Said | null {
  const answers = read<{ [target: string]: Said }>('dbt-1.12.json')
  return (name, target) => answers[name]?.[target] ?? answers[name]?.['all'] ?? null
}

export function saidByDbt2(): (name: string) => { readonly exit: number; readonly findings: readonly Finding[] } | null {
  const answers = read<{ readonly exit: number; readonly findings: readonly Finding[] }>('dbt-2.json')
  return (name) => answers[name] ?? null
}

function read<T>(file: string): { readonly [name: string]: T } { return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { readonly [name: string]: T } }

/** What differs and is known, with reasons: known.json. */
export function knownRefusals(): (dbt: string, name: string) => boolean {
  const known = read<{ readonly dbt: readonly string[]; readonly why: string }>('known.json')
  return (dbt, name) => known[name]?.dbt.includes(dbt) ?? false
}
