import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('format').run()
