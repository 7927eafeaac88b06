// Hover on names that are no resource: dbt's own functions and variables, configuration keys, keys of property files.

import { strOf } from '../jinja/repr.ts'
import { pathAt } from '../jinja/walk.ts'
import type { SourceFile } from '../dbt/files.ts'
import { nodesIn, type Snapshot } from '../dbt/snapshot.ts'
import { BUILTINS, signatureOf, type Builtin } from './builtin-docs.ts'
import { configDoc } from './config-docs.ts'
import { propertyKeys } from './property-keys.ts'
import { callAround, documentOfFile, isYaml, templateOfFile, textSpan } from './scene.ts'
import type { Hover } from './types.ts'
import { nodeAt } from '../yaml/find.ts'

export function nameHover(snapshot: Snapshot, path: string, file: SourceFile, offset: number): Hover | null {
  const call = callAround(file, offset)
  const keyword = call?.name === 'config' ? call.kwargs.find((each) => offset >= each.nameSpan.start && offset <= each.nameSpan.end) : undefined
  if (keyword) return configHover(keyword.name, keyword.nameSpan)
  if (isYaml(path)) return keyHover(file, offset)
  const name = pathAt(templateOfFile(file), offset).at(-1)
  if (name?.kind !== 'Name') return null
  const text = name.name === 'this' ? thisText(snapshot, path) : name.name === 'target' ? targetText(snapshot) : builtinText(BUILTINS.get(name.name))
  return text ? { text, span: { start: name.start, end: name.end } } : null
}

export function builtinText(builtin: Builtin | undefined): string | null {
  if (!builtin) return null
  const parameters = (builtin.parameters ?? []).map((each) => `- \`${each.name}\`: ${each.description}`)
  return [`dbt \`${signatureOf(builtin)}\``, builtin.description, parameters.join('\n')].filter(Boolean).join('\n\n')
}

function thisText(snapshot: Snapshot, path: string): string | null {
  const relations = nodesIn(snapshot, path).flatMap((node) => ('relation_name' in node && node.relation_name ? [`\`${node.relation_name}\``] : []))
  return relations.length > 0 ? `dbt \`this\`\n\n${relations.slice(0, 4).join(', ')}: this node in the current target` : builtinText(BUILTINS.get('this'))
}

/** What Jinja's `target` shows; passwords and tokens are no part of it. */
function targetText(snapshot: Snapshot): string | null {
  const { target } = snapshot.project
  if (!target) return builtinText(BUILTINS.get('target'))
  const shown = ['name', 'type', 'database', 'schema', 'threads'].flatMap((key) => { const value = target.context.get(key); return value === undefined || value === null ? [] : [`- \`${key}\`: ${strOf(value)}`] })
  return [`dbt \`target\`, of profile ${target.profileName}`, shown.join('\n')].join('\n\n')
}

function configHover(key: string, span: { readonly start: number; readonly end: number }): Hover | null {
  const { description, values } = configDoc(key)
  return description ? { text: [`config \`${key}\``, description, values.length > 0 ? `One of: ${values.join(', ')}` : ''].filter(Boolean).join('\n\n'), span: { start: span.start, end: span.end } } : null
}

function keyHover(file: SourceFile, offset: number): Hover | null {
  const { path } = nodeAt(documentOfFile(file), offset)
  const last = path.at(-1)
  if (last?.kind !== 'key' || last.on !== 'key' || last.entry.key.kind !== 'scalar') return null
  const outer = path.slice(0, -1).map((step) => (step.kind === 'key' ? step.key : '-'))
  const span = textSpan(last.entry.key)
  const configured = outer.at(-1) === 'config' || last.key.startsWith('+') ? configHover(last.key, span) : null
  if (configured) return configured
  const known = propertyKeys(outer).find((each) => each.key === last.key)
  return known ? { text: `\`${known.key}\`\n\n${known.description}`, span } : null
}
