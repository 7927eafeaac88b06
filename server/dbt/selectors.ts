// selectors.yml of a project: its selectors, or the sentence with which dbt 1 refuses every command, and the place it is about.
// Rules: dbt 1.12 config/selectors.py SelectorConfig, read when the project is loaded.

import { parseYaml } from '../yaml/parse.ts'
import { under, valueOf } from './nodes/yaml-values.ts'
import type { YamlNode } from '../yaml/nodes.ts'
import { parseSelectors } from './graph/select-file.ts'
import { INDIRECT_MODES } from './graph/select-spec.ts'
import type { Selectors } from './graph/select-types.ts'
import type { Inputs } from './inputs.ts'
import type { Problem } from './problem.ts'
import { renderNode } from './project/render.ts'
import type { Span } from '../text/span.ts'

export type ReadSelectors = { readonly selectors: Selectors } | { readonly message: string; readonly span: Span }

const NO_SELECTORS: Selectors = new Map()

export function readSelectors({ selectors: file, project, installedDbt }: Pick<Inputs, 'selectors' | 'project' | 'installedDbt'>): ReadSelectors {
  if (!file) return { selectors: NO_SELECTORS }
  const { root, problems: broken } = parseYaml(file.text)
  const syntax = broken.find((each) => each.kind === 'syntax')
  if (syntax) return { message: `Could not read selector file data: ${syntax.message}`, span: syntax }
  if (!root) return { selectors: NO_SELECTORS }
  const problems: Problem[] = []
  const data = renderNode(root, { path: file.path, context: { vars: project.cliVars, env: project.env, secrets: false, target: project.target?.context ?? null, dbtVersion: installedDbt ?? project.rules.name }, problems })
  const [first] = problems
  if (first) return { message: first.message, span: first.place }
  const indirect = INDIRECT_MODES.find((mode) => mode === project.flags.indirectSelection.value) ?? 'eager'
  const parsed = parseSelectors(data, indirect, project.rules.selectorsTakeExcludeBeside)
  return parsed.ok ? { selectors: parsed.selectors } : { message: parsed.message, span: entryNamed(root, parsed.selector) }
}

/** dbt 2 looks at the file only when a selector is asked for. */
export function selectorProblems(inputs: Inputs): Problem[] {
  const { selectors: file, project } = inputs
  const read = project.rules.name === '2' ? null : readSelectors(inputs)
  return file && read && 'message' in read ? [{ code: 'selectors-invalid', severity: 'error', message: read.message, place: { path: file.path, start: read.span.start, end: read.span.end } }] : []
}

/** The name of the entry, else the beginning of the file. */
function entryNamed(root: YamlNode, name: string | null): Span {
  const list = under(root, 'selectors')
  const entries = list?.kind === 'seq' ? list.items.map((item) => under(item, 'name')) : []
  return entries.find((node) => node !== undefined && valueOf(node) === name) ?? { start: root.start, end: root.start }
}
