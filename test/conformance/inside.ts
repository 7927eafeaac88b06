// Our command line in this very process, on the real disk: for comparisons that ask hundreds of times, where a process each would take most of the
// time. The same argv, the same output, nothing kept between two questions; `ours.ts` asks the bin itself, as the other comparisons do.

import { runCli } from '../../server/cli/run.ts'
import { createProjectHost } from '../../server/host/project-host.ts'
import { environmentOf, type Reply } from './ours.ts'

/** `cwd`: where dbt would be called. */
export async function askInside(argv: readonly string[], cwd: string): Promise<Reply> {
  const dbt = environmentOf(argv)
  const env = new Map(Object.entries({ PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...(dbt === null ? {} : { VIRTUAL_ENV: dbt }) }))
  const surroundings = { env, cwd, home: env.get('HOME') ?? '' }
  const host = createProjectHost({ surroundings, startedIn: 'process', entry: import.meta.filename })
  let [stdout, stderr] = ['', '']
  const io = { out: (text: string) => { stdout += text }, err: (text: string) => { stderr += text }, color: false }
  const exit = await runCli(argv, { host, io, cwd, version: '0.0.0' })
  return { exit, stdout, stderr }
}
