-- Neovim 0.11 and later: put this file into ~/.config/nvim/lsp/ and call vim.lsp.enable('dbt_defer_ls').
---@type vim.lsp.Config
return {
  cmd = { 'dbt-defer-ls', '--stdio' },
  filetypes = { 'sql', 'sql.jinja', 'jinja.sql', 'dbt', 'yaml', 'markdown', 'python' },
  root_markers = { 'dbt_project.yml' },
  workspace_required = true,
  settings = { dbtDefer = {} },
  on_attach = function(client, buffer)
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    local function command(name, run, options)
      vim.api.nvim_buf_create_user_command(buffer, name, run, options or {})
    end
    local function execute(name, arguments, handler)
      client:request('workspace/executeCommand', { command = name, arguments = arguments }, handler, buffer)
    end
    command('DbtDefer', function(opts)
      execute('dbtDefer.setDefer', { opts.args ~= 'off' })
    end, { nargs = '?', complete = function() return { 'on', 'off' } end, desc = 'dbt --defer or --no-defer' })
    command('DbtFavorState', function(opts)
      execute('dbtDefer.setFavorState', { opts.args ~= 'off' })
    end, { nargs = '?', complete = function() return { 'on', 'off' } end, desc = 'dbt --favor-state' })
    command('DbtTarget', function(opts)
      execute('dbtDefer.setTarget', { opts.args })
    end, { nargs = 1, desc = 'dbt --target' })
    command('DbtState', function(opts)
      execute('dbtDefer.setState', { opts.args })
    end, { nargs = 1, complete = 'dir', desc = 'dbt --state' })
    command('DbtRefresh', function()
      execute('dbtDefer.refresh', {})
    end, { desc = 'read the state and what exists again' })
    command('DbtCompiled', function()
      execute('dbtDefer.showCompiled', { vim.uri_from_bufnr(buffer) }, function(_, answer)
        if not (answer and answer.path) then return end
        vim.cmd('vsplit ' .. vim.fn.fnameescape(answer.path))
        vim.bo.autoread = true
      end)
    end, { desc = 'the compiled SQL of this model, beside it' })
  end,
}
