// Variables given outside of dbt_project.yml: the text of `--vars` and vars.yml (1.12).

import { PyDict, type Value } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { Disk } from '../ports.ts'
import type { Problem } from '../problem.ts'
import type { Place } from '../../text/span.ts'
import { textMap } from './package.ts'
import { valueOf, variableValue } from './yaml-values.ts'

export interface Vars { readonly values: ReadonlyMap<string, Value>; readonly problems: readonly Problem[] }

/** `--vars`: YAML or JSON, which must be a dictionary (config/utils.py parse_cli_vars). */
export function parseCliVars(text: string, place: Place): Vars {
  const document = parseYaml(text)
  const refused = document.problems.some((problem) => problem.kind === 'syntax' || problem.kind === 'value')
  const value = refused ? null : variableValue(document.root)
  if (value instanceof PyDict) return { values: textMap(value), problems: [] }
  return { values: new Map(), problems: [{ code: 'flag-invalid', severity: 'error', message: `Invalid value for '--vars': String '${text}' is not valid YAML`, place }] }
}

/** The `vars` of vars.yml beside dbt_project.yml; `path` null when there is no such file. */
export function readVarsFile(root: string, disk: Disk): Vars & { readonly path: string | null } {
  const path = `${root}/vars.yml`
  const text = disk.read(path)
  if (text === null) return { values: new Map(), problems: [], path: null }
  const document = parseYaml(text)
  const problems = document.problems.filter((problem) => problem.kind === 'syntax' || problem.kind === 'value').slice(0, 1)
    .map((problem): Problem => ({ code: 'yaml-syntax', severity: 'error', message: problem.message, place: { path, start: problem.start, end: problem.end } }))
  const value = variableValue(valueOf(document.root, 'vars'))
  return { values: value instanceof PyDict ? textMap(value) : new Map(), problems, path }
}
