// Which files of a project's directory can change what is known of it. A script, a README, the files that a running dbt writes cannot:
// for those nothing is read again.

import type { Inputs } from '../dbt/inputs.ts'
import type { ProjectHost } from '../dbt/ports.ts'
import { resourceDirectories } from '../dbt/project/resource-files.ts'

/** Of a text that is typed or closed: a resource, one to be, or a file that says what the project is. */
export function isReadByProject(host: Pick<ProjectHost, 'shapesProject'>, inputs: Inputs, path: string): boolean {
  return inputs.files.has(path) || inputs.besides.has(path) || host.shapesProject(inputs, path) || resourceDirectories(inputs.project).some((directory) => path.startsWith(`${directory}/`))
}

/** Of a change on disk: anything but what dbt compiles into its target path. A package may be installed anywhere. */
export function mayChangeProject({ project }: Inputs, path: string): boolean {
  return !path.startsWith(`${project.targetPath}/`) || ARTIFACT.test(path)
}

const ARTIFACT = /\/(?:manifest|run_results|sources|catalog)\.json$/
