// Whether the dbt whose rules we follow would read this state: by schema version, and by what older readers choke on.
// We read it anyway; these are problems to be said, in dbt's words where it has them.

import { PyList } from '../../jinja/value.ts'
import type { Rules } from '../rules/rules.ts'
import type { StateManifest, StateProblem } from './types.ts'

/** IncompatibleSchemaError (artifacts/exceptions/schemas.py); null: dbt reads it. */
export function versionProblem(state: StateManifest, rules: Rules): StateProblem | null {
  const { schema_version: found, path } = state.info
  const { from, to } = rules.readsManifests
  if (found === null || found < from || found > to) {
    return { code: 'state-version', message: `Expected a schema version of "https://schemas.getdbt.com/dbt/manifest/v${to}.json" in ${path}, but found "https://schemas.getdbt.com/dbt/manifest/v${found ?? '?'}.json". Are you running with a different version of dbt?`, path }
  }
  if (!rules.readsJavascriptMacros && found >= 12 && hasJavascript(state)) {
    return { code: 'state-version', message: `dbt ${rules.name} refuses this state: it holds a macro for the language 'javascript' (ValueError: 'javascript' is not a valid ModelLanguage), which dbt-adapters 1.24.5 and later write`, path }
  }
  return null
}

function hasJavascript(state: StateManifest): boolean {
  for (const id of state.macros.ids()) {
    const languages = state.macros.get(id)?.get('supported_languages')
    if (languages instanceof PyList && languages.items.includes('javascript')) return true
  }
  return false
}
