// Every problem of a project or file, in one list: CLI and LSP print the same one. One file per check under checks/.

import { nodesToDiagnose, resolvedCalls, type Snapshot } from '../dbt/snapshot.ts'
import type { Problem } from '../dbt/problem.ts'
import { weighed } from '../dbt/rules/accepted.ts'
import type { ManifestNode, OtherResource, SourceNode } from '../dbt/nodes/types.ts'
import { cycleProblems } from './checks/cycle.ts'
import { macroArgumentProblems, macroPaths } from './checks/macro-arguments.ts'
import { macroNameProblems } from './checks/macro-names.ts'
import { prodProblems } from './checks/prod.ts'
import { productionProblems } from './checks/production.ts'
import { shadowProblems } from './checks/shadow.ts'
import { varProblems } from './checks/vars.ts'
import { unreadableProblems } from './checks/unreadable.ts'
import { sqlProblems } from './checks/sql-syntax.ts'
import { refSuggestions } from './checks/suggestions.ts'

/** The problems that stand in one file. */
export function diagnostics(snapshot: Snapshot, path: string): readonly Problem[] {
  return ordered(snapshot, [
    ...inFile(snapshot, path),
    ...unreadableProblems(snapshot, path),
    ...macroArgumentProblems(snapshot, path),
    ...nodesToDiagnose(snapshot, path).flatMap(({ node, quiet }) => {
      const problems = nodeProblems(snapshot, node)
      if (problems.length === 0) quiet()
      return problems
    }).filter((problem) => problem.place.path === path),
  ])
}

/** The problems of the whole project, by file. */
export function allDiagnostics(snapshot: Snapshot): ReadonlyMap<string, readonly Problem[]> {
  const byFile = new Map<string, Problem[]>()
  for (const problem of allProblems(snapshot)) {
    const known = byFile.get(problem.place.path)
    if (known) known.push(problem)
    else byFile.set(problem.place.path, [problem])
  }
  return new Map([...byFile].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([path, problems]) => [path, ordered(snapshot, problems)]))
}

/** Files that have problems of the whole project, besides those of their own nodes. */
export function projectProblems(snapshot: Snapshot): readonly Problem[] {
  return [...snapshot.problems, ...snapshot.project.problems, ...snapshot.manifest.problems]
}

function allProblems(snapshot: Snapshot): Problem[] {
  const { manifest } = snapshot
  const disabled = [...manifest.disabled.values()].flat()
  const templates = new Set([...macroPaths(snapshot), ...[...manifest.nodes.values()].filter((node) => node.language === 'sql' && node.test === null).map((node) => node.place.path)])
  return [...projectProblems(snapshot), ...[...snapshot.resources.keys()].flatMap((path) => unreadableProblems(snapshot, path)), ...[...templates].flatMap((path) => macroArgumentProblems(snapshot, path)), ...[...manifest.nodes.values(), ...manifest.sources.values(), ...manifest.others.values(), ...disabled].flatMap((node) => nodeProblems(snapshot, node))]
}

const byPath = new WeakMap<readonly Problem[], Map<string, Problem[]>>()

function inFile(snapshot: Snapshot, path: string): readonly Problem[] {
  return [snapshot.problems, snapshot.project.problems, snapshot.manifest.problems].flatMap((problems) => {
    let index = byPath.get(problems)
    if (!index) {
      byPath.set(problems, index = new Map())
      for (const problem of problems) {
        const known = index.get(problem.place.path)
        if (known) known.push(problem)
        else index.set(problem.place.path, [problem])
      }
    }
    return index.get(path) ?? []
  })
}

/** A disabled node has no refs that dbt would look at: only what keeps it from being read is shown. */
function nodeProblems(snapshot: Snapshot, node: ManifestNode | OtherResource | SourceNode): readonly Problem[] {
  const own = 'problems' in node ? node.problems.map((problem) => refSuggestions(snapshot, problem)) : []
  if (!('calls' in node) || !node.enabled) return own
  const calls = resolvedCalls(snapshot, node)
  const names = 'raw_code' in node && node.test === null ? [...macroNameProblems(snapshot, node), ...varProblems(snapshot, node)] : []
  const sql = 'raw_code' in node ? sqlProblems(node) : []
  return [...own, ...names, ...sql, ...cycleProblems(snapshot, node), ...prodProblems(snapshot, calls), ...shadowProblems(snapshot, calls), ...productionProblems(snapshot, calls)]
}

/** By place, then severity; the same problem said twice (a macro called in a loop) once. */
function ordered({ project }: Snapshot, problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map<string, Problem>()
  for (const said of problems) {
    const problem = weighed(project.rules, said)
    const key = `${problem.place.start}:${problem.place.end}:${problem.code}:${problem.message}`
    if (!seen.has(key)) seen.set(key, problem)
  }
  const all = [...seen.values()]
  // What evaluating the call said, with its chain of macros, says it better.
  const said = all.filter((each) => each.severity === 'error')
  const heard = all.filter((each) => each.code !== 'macro-arguments' || !said.some((other) => other.place.start <= each.place.end && other.place.end >= each.place.start))
  return heard.toSorted((one, other) => one.place.start - other.place.start || one.place.end - other.place.end || (one.code < other.code ? -1 : 1))
}
