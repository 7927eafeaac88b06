// Problems of a text: their kinds, their order, and the characters that libyaml's reader refuses before anything is scanned.
// What is wrong with a part is found where that part is read.

import type { YamlProblem } from './nodes.ts'

// What libyaml's reader refuses. Lone surrogates cannot come out of a decoded file.
// oxlint-disable-next-line no-control-regex
export const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

export function unprintableProblem(text: string, at: number): YamlProblem {
  const code = text.charCodeAt(at).toString(16).padStart(4, '0')
  return { kind: 'syntax', message: `unacceptable character #x${code}: control characters are not allowed`, start: at, end: at + 1, context: null, contextStart: null }
}

export function isSyntax(problem: YamlProblem): boolean {
  return problem.kind === 'syntax'
}

const depths = new WeakMap<YamlProblem, number>()

/** How deep in the tree a problem was found: in a collection of the document's root 1, and so on. */
export function depthOf(problem: YamlProblem): number { return depths.get(problem) ?? 0 }

/** In the order in which PyYAML's constructor meets them: it fills outer collections first. */
export function byDepth(problems: YamlProblem[]): YamlProblem[] {
  return problems.length < 2 ? problems : problems.toSorted((a, b) => depthOf(a) - depthOf(b))
}

/** The problem, known to be that deep. */
export function atDepth(problem: YamlProblem, depth: number): YamlProblem {
  depths.set(problem, depth)
  return problem
}
