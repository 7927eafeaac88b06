" ALE: into your vimrc or after/ftplugin/sql.vim.
for s:filetype in ['sql', 'yaml']
  call ale#linter#Define(s:filetype, {
  \ 'name': 'dbt-defer-ls',
  \ 'lsp': 'stdio',
  \ 'executable': 'dbt-defer-ls',
  \ 'command': '%e --stdio',
  \ 'project_root': {buffer -> fnamemodify(findfile('dbt_project.yml', fnamemodify(bufname(buffer), ':p:h') . ';'), ':p:h')},
  \})
endfor
