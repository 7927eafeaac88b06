// What is asked of every edited project: --select and --exclude.

export type Selection = readonly [readonly string[], readonly string[]]

export const CHECKS: readonly Selection[] = ['modified', 'modified.body', 'modified.configs', 'modified.relation', 'modified.macros', 'modified.contract', 'modified.persisted_descriptions', 'new', 'old', 'unmodified'].map((check) => [[`state:${check}`], []])

export const GRAPH: readonly Selection[] = [
  [['state:modified+'], []], [['+state:modified'], []], [['@state:modified'], []], [['1+state:modified+1'], []], [['state:modified+', 'state:new'], ['resource_type:test']], [['state:modified,resource_type:model'], []],
  [['state:unmodified,state:old'], ['state:modified+']], [['2+state:modified.body'], []], [['state:modified.configs+', 'state:modified.macros+2'], []], [['*'], ['state:unmodified']],
]
