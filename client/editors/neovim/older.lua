-- Neovim 0.8 to 0.10: put this into your init.lua.
vim.api.nvim_create_autocmd('FileType', {
  pattern = { 'sql', 'sql.jinja', 'jinja.sql', 'dbt', 'yaml', 'markdown', 'python' },
  callback = function(event)
    local found = vim.fs.find('dbt_project.yml', { upward = true, path = vim.fs.dirname(event.file) })[1]
    if not found then return end
    vim.lsp.start({
      name = 'dbt_defer_ls',
      cmd = { 'dbt-defer-ls', '--stdio' },
      root_dir = vim.fs.dirname(found),
      settings = { dbtDefer = {} },
    })
  end,
})
