// What dbt answered to the edits of `wharf`, as files, and how ours is compared with it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Tally } from '../tally.ts'
import type { Selection } from './asked.ts'
import type { Edited } from './ours-in-process.ts'

/** `refused`: dbt's error when it does not parse. `lists`: ids, or dbt's error, for each selection. */
export interface Answered { readonly name: string; readonly refused: string | null; readonly lists: readonly (readonly string[] | string)[] }

/** Ids as numbers into `ids`. */
interface Recorded { readonly asked: readonly Selection[]; readonly ids: readonly string[]; readonly edits: readonly { readonly name: string; readonly refused: string | null; readonly lists: readonly (readonly number[] | string)[] }[] }

export function record(directory: string, dbt: string, asked: readonly Selection[], answers: readonly Answered[], manifest: string): void {
  const ids = [...new Set(answers.flatMap(({ lists }) => lists.flatMap((list) => (typeof list === 'string' ? [] : list))))].toSorted()
  const index = new Map(ids.map((id, at) => [id, at]))
  const edits = answers.map(({ name, refused, lists }) => JSON.stringify({ name, refused, lists: lists.map((list) => (typeof list === 'string' ? list : list.map((id) => index.get(id)))) }))
  mkdirSync(path.join(directory, `state-${dbt}`), { recursive: true })
  writeFileSync(path.join(directory, `${dbt}.json`), `{"asked": ${JSON.stringify(asked)},\n"ids": ${JSON.stringify(ids)},\n"edits": [\n${edits.join(',\n')}\n]}\n`)
  writeFileSync(path.join(directory, `state-${dbt}`, 'manifest.json'), `${JSON.stringify(reduced(JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>))}\n`)
}

export function readRecorded(directory: string, dbt: string): { readonly asked: readonly Selection[]; readonly answers: readonly Answered[] } {
  const { asked, ids, edits } = JSON.parse(readFileSync(path.join(directory, `${dbt}.json`), 'utf8')) as Recorded
  return { asked, answers: edits.map((edit) => ({ ...edit, lists: edit.lists.map((list) => (typeof list === 'string' ? list : list.map((at) => ids[at] ?? ''))) })) }
}

/** Without what no comparison looks at: dbt's own macros, documentation, maps. */
function reduced(manifest: Record<string, unknown>): Record<string, unknown> {
  const macros = Object.entries(manifest['macros'] as Record<string, { package_name: string }>).filter(([, { package_name: name }]) => name === 'wharf' || name === 'tide')
  return { ...manifest, macros: Object.fromEntries(macros), docs: {}, parent_map: {}, child_map: {}, group_map: {} }
}

export interface Difference { readonly what: string; readonly where: string; readonly dbt: unknown; readonly ours: unknown }

/** Empty: the same. */
export function differences(own: Edited, answer: Answered, asked: readonly Selection[]): Difference[] {
  if (answer.refused !== null) return []
  return asked.flatMap(([select, exclude], at): Difference[] => {
    const wanted = answer.lists[at] ?? []
    const got = own.select(select, exclude)
    const words = `${select.join(' ')}${exclude.length > 0 ? ` --exclude ${exclude.join(' ')}` : ''}`
    const where = `${answer.name}: ${words}`
    if (typeof wanted === 'string' || got.error !== null) return typeof wanted === 'string' && got.error !== null ? [] : [{ what: 'an error on one side', where, dbt: wanted, ours: got.error ?? got.ids }]
    const [theirs, ours] = [new Set(wanted), new Set(got.ids)]
    const [less, more] = [wanted.filter((id) => !ours.has(id)), got.ids.filter((id) => !theirs.has(id))]
    return less.length + more.length === 0 ? [] : [{ what: words, where, dbt: less, ours: [...more, ...[...more, ...less].slice(0, 1).map((id) => own.reasons(id))] }]
  })
}

export function compareEdit(result: Tally, own: Edited, answer: Answered, asked: readonly Selection[]): void {
  if (answer.refused !== null) return result.note(`${answer.name}: dbt refuses it: ${answer.refused.replaceAll('\n', ' ').slice(0, 160)}`)
  const found = differences(own, answer, asked)
  for (let at = 0; at < asked.length; at++) result.add('wharf', at < found.length ? 'different' : 'equal')
  for (const each of found) result.differ(each.what, { where: each.where, dbt: each.dbt, ours: each.ours })
}
