// The reasons of a resolution in words: one sentence, readable by somebody who never heard of our codes. dbt's own texts where dbt has them.

import type { Existence, ReasonCode, Resolution, ResolutionKind } from './types.ts'

/** dbt-adapters exceptions/compilation.py ApproximateMatchError. */
export function approximateMatch(searched: string, found: string): string {
  return `When searching for a relation, dbt found an approximate match. Instead of guessing \nwhich relation to use, dbt will move on. Please delete ${found}, or rename it to be less ambiguous.\nSearched for: ${searched}\nFound: ${found}`
}

/** One sentence for the kinds that don't fail. */
export function sentence(kind: ResolutionKind, reason: readonly ReasonCode[], relation: string | null, dev: Resolution['dev'], prod: Resolution['prod']): string {
  const because = reason.map((code) => words(code, dev)).filter((text) => text !== '').join('; ')
  switch (kind) {
    case 'source': return `reads the source ${relation ?? ''}; sources are never deferred`
    case 'ephemeral': return `inlined as the CTE ${relation ?? ''}: ${because}`
    case 'unknown': return dev === null ? `what it reads is not known: ${because}` : prod === null ? `reads ${dev?.relation ?? ''} or production's relation: ${because}` : `reads ${dev?.relation ?? ''} if that exists in the current target, else ${prod?.relation ?? ''} of the state: ${because}`
    case 'prod': return `reads ${relation ?? ''} of the state: ${because}`
    default: return because === '' ? `reads ${relation ?? ''}` : `reads ${relation ?? ''}: ${because}`
  }
}

function words(code: ReasonCode, dev: Resolution['dev']): string {
  switch (code) {
    case 'defer-off': return 'defer is off'
    case 'no-state': return 'there is no state to defer to'
    case 'state-pending': return 'the state is still being read'
    case 'not-in-state': return 'the state has no such node'
    case 'ephemeral': return 'the model is ephemeral'
    case 'state-ephemeral': return 'the model is ephemeral in the state, so it is never deferred'
    case 'not-refable-in-state': return 'in the state it is neither model, seed nor snapshot'
    case 'favor-state': return '--favor-state prefers the state'
    case 'selected': return 'it is selected'
    case 'not-selected': return 'it is not selected'
    case 'exists': return `it exists in the current target${known(dev?.existence)}`
    case 'missing-in-dev': return `it does not exist in the current target${known(dev?.existence)}`
    case 'existence-unknown': return 'whether it exists there is not known'
    case 'same-relation': return 'the state has the same relation, so both answers agree'
    case 'state-wins': return 'dbt takes the state\'s here without looking whether the relation exists'
    case 'not-frontier': return 'dbt 2 defers only the unselected parents of what is selected'
    case 'frontier': return 'it is an unselected parent of a selected node'
    case 'selected-incremental': return 'dbt 2 compile defers selected incremental models and snapshots'
    case 'state-not-latest': return 'the ref names no version and the state\'s version of it is not the state\'s latest'
    case 'only-in-state': return 'only the state has this function'
    case 'upstream': return 'it is a model of another project, known by its manifest'
    case 'upstream-unread': return 'no such node here; it may be in a manifest of another project that is not read'
    case 'name-unknown': return 'what dbt will call it in the current target is not known'
    case 'this': return '{{ this }} is the current target\'s own relation'
    default: return ''
  }
}

function known(existence: Existence | undefined): string {
  if (!existence || existence.evidence === 'none') return ''
  const source = { warehouse: 'warehouse', listing: 'listing', 'run-results': 'run results', catalog: 'catalog', assumption: 'assumed' }[existence.evidence]
  return existence.as_of === null ? ` (${source})` : ` (${source}, ${existence.as_of})`
}
