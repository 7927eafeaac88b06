// Completion of names in templates: macros, what dbt itself offers, members behind a dot, and the words that begin a tag.

import { strOf } from '../jinja/repr.ts'
import { pathAt } from '../jinja/walk.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { BUILTINS, MEMBERS, signatureOf } from './builtin-docs.ts'
import { macroText } from './hover.ts'
import { callableMacros, macrosOfPackage, manifestMacro, type CallableMacro } from './macros.ts'
import { ranked, type Offer } from './ranking.ts'
import { templateOfFile } from './scene.ts'
import type { Completion, CompletionList } from './types.ts'
import { dottedStart, wordEnd } from './words.ts'

const NOTHING: CompletionList = { items: [], incomplete: false }

/** jinja2's tags and those that dbt adds (dbt/clients/jinja.py). */
const TAGS = ['if', 'elif', 'else', 'endif', 'for', 'endfor', 'set', 'endset', 'do', 'macro', 'endmacro', 'call', 'endcall', 'filter', 'endfilter', 'raw', 'endraw', 'snapshot', 'endsnapshot', 'test', 'endtest', 'materialization', 'endmaterialization', 'docs', 'enddocs']

/** What a hover shows of the target; the rest of a connection is nobody's to read. */
const SHOWN_OF_TARGET: ReadonlySet<string> = new Set(['name', 'type', 'database', 'schema', 'threads'])

/** Names inside `{{ }}` and `{% %}` outside of strings. */
export function nameCompletion(snapshot: Snapshot, path: string, offset: number): CompletionList {
  const file = sourceFile(snapshot, path)
  if (!file || !insideJinja(file.text, offset)) return NOTHING
  const inner = pathAt(templateOfFile(file), offset).at(-1)
  if (inner?.kind === 'Const' && typeof inner.value === 'string') return NOTHING
  const start = dottedStart(file.text, offset)
  const typed = file.text.slice(start, offset)
  const span = { start, end: wordEnd(file.text, offset) }
  const plain = (label: string, detail: string, documentation: string, kind: Completion['kind'] = 'keyword'): Completion => ({ label, kind, detail, documentation, insert: label, span, sort: `1${label}` })
  if (/\{%[-+]?\s*$/.test(file.text.slice(Math.max(0, start - 20), start))) return ranked(TAGS.map((each) => plain(each, 'tag', '')), typed)
  const owner = typed.slice(0, Math.max(0, typed.lastIndexOf('.')))
  const callable = (each: CallableMacro): Offer => {
    // Versions for adapters and what a package keeps to itself are seldom meant.
    const sort = `${/(?:^|\.)_|__/.test(each.name) ? '3' : each.name.includes('.') ? '2' : '0'}${each.name}`
    return { label: each.name, sort, item: () => ({ label: each.name, kind: 'macro', detail: each.macro.package_name, documentation: macroText(snapshot, manifestMacro(snapshot, each.macro)), insert: each.name, span, sort }) }
  }
  const builtins = [...BUILTINS.values()].map((each) => plain(each.name, each.parameters ? signatureOf(each) : 'dbt', each.description, each.parameters ? 'function' : 'keyword'))
  if (owner === '') return ranked([...callableMacros(snapshot, path).map(callable), ...builtins], typed)
  const members = [...(owner === 'target' ? targetMembers(snapshot) : MEMBERS.get(owner) ?? [])].map(([name, detail]) => plain(`${owner}.${name}`, detail, ''))
  const dotted = builtins.filter((each) => each.label.startsWith(`${owner}.`))
  return ranked([...macrosOfPackage(snapshot, owner).map(callable), ...dotted, ...members.filter((each) => dotted.every(({ label }) => label !== each.label))], typed)
}

function targetMembers({ project: { target } }: Snapshot): readonly (readonly [string, string])[] {
  return target ? [...target.context].map(([name, value]) => [name, SHOWN_OF_TARGET.has(name) ? strOf(value) : ''] as const) : []
}

/** Between an opening tag and its end on either side: also where the end is not typed yet, up to the end of the line. */
function insideJinja(text: string, offset: number): boolean {
  const open = Math.max(text.lastIndexOf('{{', offset - 1), text.lastIndexOf('{%', offset - 1))
  if (open < 0 || offset < open + 2) return false
  const closed = Math.max(text.lastIndexOf('}}', offset - 1), text.lastIndexOf('%}', offset - 1))
  if (closed > open && closed + 2 <= offset) return false
  const comment = text.lastIndexOf('{#', offset - 1)
  return !(comment >= 0 && text.lastIndexOf('#}', offset - 1) < comment && comment > open)
}
