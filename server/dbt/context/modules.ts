// Jinja's `modules`: the parts of Python's datetime, pytz, re and itertools that dbt hands to templates (context/base.py get_context_modules).
// The modules themselves are in jinja/python/.

import { reModule } from '../../jinja/python/re.ts'
import { PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { AttributeDict, LazyDict } from './namespace-object.ts'

const NAMES = ['pytz', 'datetime', 're', 'itertools']

/** The dict `modules`. */
export function modulesMember(): Value {
  return new LazyDict('dict', () => NAMES, name => {
    if (name === 're') return new AttributeDict('dict', reModule())
    return NAMES.includes(name) ? new PyUnknown({ code: 'modules', message: `modules.${name} is not known here`, stack: [] }) : undefined
  })
}
