" Drives a real Vim with ALE and the configuration that client/editors/vim ships. Writes one line a check to /e2e/ale.txt; the exit status is 1 when one failed.
set nocompatible nomore encoding=utf-8 noswapfile hidden
filetype on
let s:passed = 0
let s:failed = 0
let s:lines = []

function! s:Check(name, ok, detail) abort
  if a:ok
    let s:passed += 1
    call add(s:lines, 'ok    ' . a:name)
  else
    let s:failed += 1
    call add(s:lines, 'FAIL  ' . a:name . '  ' . string(a:detail))
  endif
endfunction

" Answers of the server come in while Vim sleeps.
function! s:Wait(name, Condition) abort
  let l:count = 0
  while !a:Condition() && l:count < 600
    sleep 50m
    let l:count += 1
  endwhile
  call s:Check(a:name, a:Condition(), 'waited in vain')
endfunction

function! s:Found(pattern) abort
  return !empty(filter(ale#engine#GetLoclist(bufnr('')), {_, item -> item.text =~# a:pattern}))
endfunction

let g:ale_linters_explicit = 1
let g:ale_linters = {'sql': ['dbt-defer-ls']}
let g:ale_hover_to_preview = 1
packadd! ale
runtime! plugin/ale.vim
source /e2e/editors/vim/ale.vim

edit /e2e/demo/models/marts/customers.sql
set filetype=sql

call search("ref('stg_customers')")
normal! 8l
execute "normal! ix\<Esc>"
call ale#Queue(0)
call s:Wait('a diagnostic for a model that is not there', {-> s:Found('not found')})
undo
call ale#Queue(0)
call s:Wait('it goes when the text is mended', {-> !s:Found('not found')})

call search("ref('customer_history')")
normal! 8l
let s:hover = {-> join(map(filter(getwininfo(), {_, window -> getwinvar(window.winnr, '&previewwindow')}), {_, window -> join(getbufline(window.bufnr, 1, '$'), "\n")}), '')}
ALEHover
call s:Wait('hover names the production relation and why', {-> s:hover() =~# '"prod_history"."customer_history"' && s:hover() =~# 'does not exist'})
pclose

call search("ref('customer_history')")
normal! 8l
ALEGoToDefinition
call s:Wait("definition is the snapshot's file", {-> expand('%:t') =~# 'customer_history'})

call writefile(s:lines + [s:passed . ' passed, ' . s:failed . ' failed'], '/e2e/ale.txt')
if s:failed > 0 | cquit 1 | endif
qall!
