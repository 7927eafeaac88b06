// Members that dbt's classes have and templates hardly ever ask for: there they are, and what they say is not known.

import { PyUnknown } from '../../jinja/value.ts'
import { CLASS_MEMBERS } from './class-members.ts'

/** Undefined: none of the classes has a member of that name. */
export function hiddenMember(name: string, ...classes: readonly string[]): PyUnknown | undefined {
  const owner = classes.find(each => CLASS_MEMBERS.get(each)?.has(name))
  return owner === undefined ? undefined : new PyUnknown({ code: 'member', message: `what ${owner.split(' ', 1)[0] ?? owner}.${name} of dbt says is not known`, stack: [] }, true)
}
