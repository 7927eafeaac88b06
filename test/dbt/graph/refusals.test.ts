// What we say of 399 small projects, most of them broken, against what real dbt said of them: dbt 1.12 on DuckDB and on Snowflake (whose keys
// it looks at), dbt 2. Refused by dbt: we have an error with its sentence. Taken by dbt: no error. Its warnings: ours, and no others.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import type { Problem } from '../../../server/dbt/problem.ts'
import type { RuleSetName } from '../../../server/dbt/rules/rules.ts'
import { weighed } from '../../../server/dbt/rules/accepted.ts'
import { inputOf } from '../../support/manifest-of.ts'
import { knownRefusals, refusalCases, saidByDbt1, saidByDbt2 } from '../../support/refusals.ts'
import type { RefusalCase } from '../../support/refusals.ts'

const VALIDATION = 'Semantic Manifest validation failed.'
const x = suite('refusals')
const cases = refusalCases()
const known = knownRefusals()

for (const target of ['duck', 'snow'] as const) {
  x(`dbt 1.12, ${target}: errors, warnings and their places`, () => {
    const said = saidByDbt1()
    agree(`1.12 ${target}`, (each) => {
      // What dbt says alike of both is looked at once.
      if (target === 'snow' && said(each.name, 'snow') === said(each.name, 'duck')) return null
      const theirs = said(each.name, target)
      if (!theirs) return ['not recorded']
      const problems = problemsOf(each, '1.12', target)
      const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => squeezed(message))
      const wrong: string[] = []
      if (theirs.error === null) wrong.push(...errors.map((message) => `dbt takes it, we refuse: ${message}`))
      else if (!errors.some((message) => message.includes(coreOf(theirs.error ?? '')))) wrong.push(`dbt refuses: ${squeezed(theirs.error)}`, ...errors.map((message) => `  ours: ${message}`))
      if (theirs.findings) {
        const own = errors.filter((message) => message.endsWith(VALIDATION)).map((message) => setsSorted(message.slice(0, -VALIDATION.length).trim()))
        const dbts = theirs.findings.map(setsSorted)
        wrong.push(...dbts.filter((text) => !own.includes(text)).map((text) => `finding of dbt: ${text}`), ...own.filter((text) => !dbts.includes(text)).map((text) => `finding of ours: ${text}`))
      }
      const ours = problems.filter(({ severity }) => severity === 'warning').map(({ message }) => squeezed(message))
      const warnings = theirs.warnings.map(([, text]) => text.replaceAll('<root>', '/p').replace(/^\[WARNING\](\[\w+\])?: (Deprecated functionality )?/, ''))
      // What stops dbt keeps it from warning of what stands behind it.
      wrong.push(...warnings.filter((text) => !ours.some((message) => text.includes(message) || message.includes(text))).map((text) => `warning of dbt: ${text}`))
      if (theirs.error === null) wrong.push(...ours.filter((message) => !warnings.some((text) => text.includes(message) || message.includes(text))).map((message) => `warning of ours: ${message}`))
      const places = problems.map(({ place }) => `${place.path} ${place.start} ${place.end}`)
      if (problems.length > 0) wrong.push(...each.places.filter(({ path, start, end }) => !places.includes(`/p/${path} ${start} ${end}`)).map(({ path, start }) => `nothing at ${path}:${start}`))
      return wrong
    })
  })
}

x('dbt 2: refused or taken, keys and values in its words', () => {
  const said = saidByDbt2()
  agree('2', (each) => {
    const theirs = said(each.name)
    if (!theirs) return ['not recorded']
    const errors = problemsOf(each, '2', 'duck').filter(({ severity }) => severity === 'error')
    const refused = theirs.exit !== 0 && theirs.findings.some(({ severity }) => severity === 'error')
    if (refused !== errors.length > 0 && theirs.exit !== 2) return [refused ? `dbt 2 refuses: ${theirs.findings[0]?.message ?? ''}` : `dbt 2 takes it, we refuse: ${errors[0]?.message ?? ''}`]
    const keys = theirs.findings.filter(({ code }) => code === 'dbt1060').map(({ message }) => message.replace(/^While parsing (version )?config: /, ''))
    return keys.filter((message) => !errors.some((own) => own.message === message || own.message.includes(message.slice(0, message.indexOf('YAML path'))))).map((message) => `key: ${message}`)
  })
})

x.run()

function agree(dbt: string, compare: (each: RefusalCase) => readonly string[] | null): void {
  const wrong = cases.flatMap((each) => {
    const found = compare(each)
    if (found === null) return []
    return (found.length > 0) === known(dbt, each.name) ? [] : [`${each.name}: ${found.length > 0 ? found.join('\n    ') : 'known to differ, but does not'}`]
  })
  assert.equal(wrong, [])
}

function problemsOf({ files }: RefusalCase, rules: RuleSetName, target: string): Problem[] {
  const texts = new Map([...files].map(([path, text]) => [`/p/${path}`, path === 'profiles.yml' ? text.replace('target: duck', `target: ${target}`) : text] as const))
  const input = inputOf(texts, null, rules)
  const { manifest } = buildManifest(input)
  const resources = [...manifest.nodes.values(), ...manifest.sources.values(), ...manifest.others.values(), ...[...manifest.disabled.values()].flat()]
  return [...input.world.project.problems, ...manifest.problems, ...resources.flatMap((each) => ('problems' in each ? each.problems : []))].map((problem) => weighed(input.world.project.rules, problem))
}

/** The sentence that tells: the first line that is not dbt's class of error; of an entry that its class refuses what stands behind `at path`. */
function coreOf(text: string): string {
  const lines = text.split('\n').map(squeezed).filter((each) => each !== '' && !/^(.*[ :-] )?(Compilation|Parsing|Runtime|Internal|Database) Error( in .*)?$/.test(each))
  const raw = /\n\s*Raw Error:\n\s*-+\n([^]*)$/.exec(text)?.[1]
  if (raw !== undefined) return raw.split('\n').map(squeezed).filter((each) => each !== '' && !each.startsWith('in "<unicode string>"')).at(-1) ?? ''
  const line = (lines[0] ?? squeezed(text)).replace(/ \(<template>, line \d+\)$/, '')
  return / config given in .* - (at path .*)$/.exec(line)?.[1] ?? line
}

/** The order in which Python prints a set is another one in every run. */
function setsSorted(text: string): string { return text.replaceAll(/\{('\w+'(?:, '\w+')*)\}/g, (_whole, items: string) => `{${items.split(', ').toSorted().join(', ')}}`) }

function squeezed(text: string): string { return text.replace(/\s+/g, ' ').trim() }
