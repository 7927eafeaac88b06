// `invocation_args_dict`: the arguments of the command that dbt runs (dbt 1.12 utils/utils.py args_to_dict). What this program was told as dbt would be
// is known; the rest (how the command was written, logging, paths of that machine) is not, nor is the order, which is random in dbt.

import { UnknownSignal } from '../../jinja/errors.ts'
import { PyDict, PyFunction, PyObject, PyUnknown } from '../../jinja/value.ts'
import type { PyIter, Value } from '../../jinja/value.ts'
import { SELF, bindKnown } from './args.ts'
import type { Session } from './session.ts'

const METHODS: ReadonlySet<string> = new Set(['items', 'keys', 'values', 'copy', 'update', 'pop', 'popitem', 'setdefault', 'clear', 'fromkeys'])
/** Commands whose options --empty and --defer are, said or not. */
const BUILDING: ReadonlySet<Value> = new Set(['compile', 'run', 'build'])

export class InvocationArguments extends PyObject {
  readonly typeName = 'dict'
  private readonly session: Session
  constructor(session: Session) { super(); this.session = session }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override isMapping(): boolean { return true }
  override length(): number | undefined { throw new UnknownSignal(UNSAID) }
  override iter(): PyIter | undefined { throw new UnknownSignal(UNSAID) }
  override repr(): string { throw new UnknownSignal(UNSAID) }
  override contains(key: Value): boolean {
    const found = this.getitem(key)
    if (found instanceof PyUnknown) throw new UnknownSignal(found.origin)
    return found !== undefined
  }
  override getattr(name: string): Value | undefined {
    if (METHODS.has(name)) return new PyFunction(name, () => new PyUnknown(UNSAID))
    if (name !== 'get') return undefined
    return new PyFunction(name, (args) => {
      const [key, fallback] = bindKnown('dict.get', [['key'], ['default', null]], args, SELF)
      return this.getitem(key ?? null) ?? fallback ?? null
    })
  }
  /** Undefined: dbt leaves the key out, as it does what is None and some flags that are off. */
  override getitem(key: Value): Value | undefined {
    const { world: { project: { flags, cliVars } }, run } = this.session
    const which = run?.flags.get('WHICH') ?? null
    // Parsing is the same for every command.
    if (!run) return new PyUnknown(UNSAID)
    switch (key) {
      case 'vars': return new PyDict(cliVars)
      case 'full_refresh': return flags.fullRefresh.value ? true : undefined
      case 'indirect_selection': return flags.indirectSelection.value
      case 'which': if (which !== null) return which; break
      case 'empty': if (BUILDING.has(which)) return flags.empty.value; break
      case 'defer': if (BUILDING.has(which)) return flags.defer.value; break
      case 'favor_state': if (BUILDING.has(which)) return flags.favorState.value; break
    }
    return new PyUnknown(UNSAID)
  }
}

const UNSAID = { code: 'invocation', message: 'with which arguments dbt will be called is not known', stack: [] }
