// The command line of the language server: one transport, and what editors add to it.

const TRANSPORT = /^--(?:stdio|node-ipc|socket=\d+|pipe=.+)$/
const TRANSPORT_NAME = /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/
/** vscode-languageclient says of which process the server is; `--record` is ours. */
const BESIDES = /^--(?:clientProcessId=\d+|record(?:=.+)?)$/

/** `wrong`: why this starts no server; null for a command of the command line. */
export function serverArguments(argv: readonly string[]): { readonly serves: true } | { readonly serves: false; readonly wrong: string | null } {
  if (!argv.some((each) => TRANSPORT_NAME.test(each))) return { serves: false, wrong: null }
  const other = argv.find((each, at) => !TRANSPORT.test(each) && !BESIDES.test(each) && argv[at - 1] !== '--record')
  if (other === undefined) return { serves: true }
  return { serves: false, wrong: other.startsWith('--socket') ? `${other}: a port is wanted, --socket=N` : other.startsWith('--pipe') ? `${other}: a name is wanted, --pipe=NAME` : `the language server has no ${other}` }
}
