// The order that LSP asks of a session ("Server lifecycle"): `initialize` first and once, nothing behind `shutdown` but `exit`.
// The library hands over whatever comes; what comes at the wrong time is refused here, notifications are passed over.

import { ErrorCodes, Message, ResponseError, type MessageStrategy } from 'vscode-languageserver/node'

type Refusal = 'early' | 'again' | 'late'

const REFUSED = '$/refused/'

const WHY: Record<Refusal, { readonly code: number; readonly message: string }> = {
  early: { code: ErrorCodes.ServerNotInitialized, message: 'initialize comes first' },
  again: { code: ErrorCodes.InvalidRequest, message: 'initialize comes once' },
  late: { code: ErrorCodes.InvalidRequest, message: 'after shutdown comes exit' },
}

/** A refused request goes on under a name that no handler has, so that it is answered in its turn. */
export function inSessionOrder(): MessageStrategy {
  let phase: 'new' | 'running' | 'over' = 'new'
  return {
    handleMessage(message, next) {
      if (Message.isResponse(message) || (Message.isNotification(message) && message.method === 'exit')) return next(message)
      const method = Message.isRequest(message) || Message.isNotification(message) ? message.method : null
      const wrong = refusalOf(phase, method)
      if (wrong === null) {
        if (method === 'initialize') phase = 'running'
        if (method === 'shutdown') phase = 'over'
        return next(message)
      }
      if (Message.isRequest(message)) return next({ ...message, method: `${REFUSED}${wrong}` } as Message)
    },
  }
}

function refusalOf(phase: 'new' | 'running' | 'over', method: string | null): Refusal | null {
  if (method === null) return null
  if (phase === 'new') return method === 'initialize' ? null : 'early'
  if (phase === 'over') return 'late'
  return method === 'initialize' ? 'again' : null
}

/** The answer to a request that no handler has. */
export function noSuchRequest(method: string): ResponseError<undefined> {
  const { code, message } = (method.startsWith(REFUSED) && WHY[method.slice(REFUSED.length) as Refusal]) || { code: ErrorCodes.MethodNotFound, message: `dbt-defer-ls has no ${method}` }
  return new ResponseError(code, message)
}
