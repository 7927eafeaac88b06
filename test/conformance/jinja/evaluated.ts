// What our evaluator makes of a case, in the judge's form; used by the golden test, the conformance run and the fuzzer.

import { modulesMember } from '../../../server/dbt/context/modules.ts'
import { render } from '../../../server/jinja/evaluate.ts'
import { MacroReturn } from '../../../server/jinja/errors.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { reprOf } from '../../../server/jinja/repr.ts'
import { typeNameOf } from '../../../server/jinja/types.ts'
import { PyFunction } from '../../../server/jinja/value.ts'

export type Mode = 'run' | 'parse' | 'native'
export type Case = readonly [mode: Mode, text: string]
export type Outcome = readonly ['ok', string] | readonly ['error', string, string] | readonly ['unknown', string]

const MODULES = modulesMember()
const giveBack = new PyFunction('return', ({ args }) => { throw new MacroReturn(args[0] ?? null) })

export function evaluated([mode, text]: Case): Outcome {
  const result = render(parseTemplate(text), { path: 'case.sql', text }, name => name === 'return' ? giveBack : name === 'modules' ? MODULES : undefined, { undefined: mode === 'parse' ? 'parse' : 'run', native: mode === 'native' })
  const [unknown] = result.unknowns
  if (unknown) return ['unknown', unknown.code]
  if (result.kind === 'error') return ['error', result.errorClass, result.message]
  return ['ok', mode === 'native' ? `${typeNameOf(result.value)} ${reprOf(result.value)}` : result.text]
}

/** Whether ours is the judge's answer. An unknown is right only where Python's own answer changes from run to run: addresses, the order of sets, random(). */
export function agrees(ours: Outcome, judge: Outcome): boolean {
  if (ours[0] === 'unknown') return ours[1] === 'address' || ours[1] === 'set-order' || ours[1] === 'random'
  // Neither of us waits for ever.
  if (ours[1] === 'BudgetExceeded' && judge[1] === 'TimeoutError') return true
  if (ours[0] !== judge[0]) return false
  if (ours[0] === 'ok') return ours[1] === judge[1]
  return ours[1] === judge[1] && ours[2] === normalMessage(judge[2] ?? '')
}

/** Python's own compile errors name a line of jinja2's generated code. */
function normalMessage(message: string): string { return message.replace(/ \(<template>, line \d+\)$/, '') }
