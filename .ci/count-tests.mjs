// Prints "PASSED FAILED" from the JSON report of a test run and the run's exit status.
//
// A file that could not be loaded has no tests in the report and counts as one failure; so does a
// run that failed without saying where (an error outside any test, a run that was cut short).
import { readFileSync } from 'node:fs';

const [reportFile, status] = process.argv.slice(2);

function count(report) {
  const unloaded = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

let counts = { passed: 0, failed: 0 };
try {
  counts = count(JSON.parse(readFileSync(reportFile, 'utf8')));
} catch (error) {
  process.stderr.write(`no test report: ${error.message}\n`);
}
if (status !== '0' && counts.failed === 0) counts.failed = 1;
process.stdout.write(`${counts.passed} ${counts.failed}\n`);
