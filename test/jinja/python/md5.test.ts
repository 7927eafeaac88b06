import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('md5').run()
