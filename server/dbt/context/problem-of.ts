// An exception of an evaluation as a Problem: dbt's message, at the place in the node's own file, with the chain of macros as related places.
// Rules for the words: dbt-common clients/jinja.py catch_jinja, exceptions/macros.py.

import type { RenderError } from '../../jinja/evaluate.ts'
import type { CallSite } from '../../jinja/value.ts'
import type { Place } from '../../text/span.ts'
import type { Problem } from '../problem.ts'
import { dbtDetail } from './errors.ts'

/** `fallback`: the place when nothing is known of where it was raised. */
export function problemOf(error: RenderError, fallback: Place, uniqueId: string | null): Problem {
  // dbt's own macros have no file that an editor could show.
  const sites = error.stack.filter(site => !site.path.startsWith('dbt:'))
  const outer = sites[sites.length - 1]
  const place = outer ? { path: outer.path, start: outer.start, end: outer.end } : fallback
  const related = sites.slice(0, -1).map(site => ({ place: { path: site.path, start: site.start, end: site.end }, message: describe(site) }))
  return {
    code: codeOf(error),
    severity: 'error',
    message: messageOf(error) + culprit(error),
    place,
    ...(related.length > 0 ? { related } : {}),
    ...(uniqueId === null ? {} : { unique_id: uniqueId }),
  }
}

/** A blown budget names the macro it was spent in, with the place. The words before it are Python's or ours. */
function culprit(error: RenderError): string {
  if (codeOf(error) !== 'evaluation-budget') return ''
  const macros = [...new Set(error.stack.flatMap((site) => site.inMacro ?? []))].slice(0, 3)
  return macros.length === 0 ? '' : `\n(in ${macros.map((each) => each.replace(/^macro\./, 'macro ')).join(', ')})`
}

/** dbt's message without the leading `Compilation Error in …`. What fails within a macro of a file is wrapped before dbt can add its advice (MacroGenerator.exception_handler). */
export function messageOf(error: Pick<RenderError, 'errorClass' | 'message' | 'stack'>): string {
  if (error.errorClass === 'UndefinedError' && !error.stack.some((site) => site.inMacro !== null)) {
    return `${error.message}. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`
  }
  return error.message
}

function codeOf(error: RenderError): string {
  const detail = dbtDetail(error.detail)
  if (detail) return detail.code
  switch (error.errorClass) {
    case 'TemplateSyntaxError': case 'TemplateAssertionError': return 'template-syntax'
    case 'UndefinedError': return 'undefined-name'
    case 'BudgetExceeded': case 'RecursionError': return 'evaluation-budget'
    default: return 'compilation-error'
  }
}

function describe(site: CallSite): string {
  return site.inMacro === null ? 'called here' : `in ${site.inMacro.replace(/^macro\./, 'macro ')}`
}
