// dbt's behaviour flags (`flags:` of dbt_project.yml and their defaults by version), asked by name. No flag is invented here.

import type { Project } from '../project/types.ts'

export function behaves(project: Project, flag: string): boolean { return project.flags.behaviour.get(flag)?.value === true }
