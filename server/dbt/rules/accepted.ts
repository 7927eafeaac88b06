// What dbt 1 refuses and dbt 2 takes: the problem stays, as a warning. Recorded of dbt 2.0.0-alpha.4 in test/fixtures/refusals/dbt-2.json.

import type { Problem } from '../problem.ts'
import type { Rules } from './rules.ts'

/** By code; `when` looks at the message where a code stands for several rules. */
const ACCEPTED_BY_2: readonly { readonly code: string; readonly when?: RegExp }[] = [
  { code: 'group-not-found' }, { code: 'unit-test-invalid' }, { code: 'doc-not-found' }, { code: 'metric-invalid' }, { code: 'metric-not-found' }, { code: 'schema-none' },
  { code: 'ref-forbidden', when: /^Node test\./ },
  { code: 'template-syntax', when: /^Got (nested tags|a block definition inside control flow)/ },
  { code: 'access-invalid', when: /'ephemeral' materialization/ },
  { code: 'name-duplicate', when: /dbt found (two (sources|exposures|groups|unit_tests|docs|data_tests) |multiple macros|two schema\.yml entries for the same macro)/ },
  // One file under two of the project's paths.
  { code: 'name-duplicate', when: /\n- (.+) \((.+)\)\n- \1 \(\2\)$/ },
  { code: 'config-invalid', when: /'timestamp' snapshot|check_cols|updated_at|A snapshot must|A seed must have|A test must have|on_schema_change|^Microbatch model '.+' must provide an 'event_time'|"on_configuration_change"|\['(enabled|full_refresh|on_configuration_change|quote_columns|tags)'\]/ },
  { code: 'project-invalid', when: /does not match|cannot have both|\['quoting'\]|not a valid semantic version/ },
  { code: 'contract-invalid' },
  { code: 'yaml-invalid', when: /because the value of '\w+' is not a list$|is not valid under any of the given schemas$|^Field "deprecation_date"|versions: \[\] $|at most one include|^latest_version: / },
  { code: 'compilation-error', when: /takes no keyword argument/ },
  { code: 'ref-invalid', when: /^Invalid jinja expression/ },
  { code: 'ref-not-found', when: /^(Exposure|Test|Unit_Test|Unit_test) / },
]

/** What dbt 1 takes with a warning and dbt 2 refuses. */
const REFUSED_BY_2: ReadonlySet<string> = new Set(['yaml-duplicate-key'])

/** The problem with the weight that the dbt of these rules gives it. */
export function weighed(rules: Rules, problem: Problem): Problem {
  if (!rules.strictYaml) return problem
  if (REFUSED_BY_2.has(problem.code)) return { ...problem, severity: 'error' }
  if (problem.severity !== 'error') return problem
  return ACCEPTED_BY_2.some(({ code, when }) => code === problem.code && (when?.test(problem.message) ?? true)) ? { ...problem, severity: 'warning' } : problem
}
