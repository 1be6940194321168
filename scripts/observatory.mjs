// Grades a site with MDN's HTTP Observatory: `node observatory.mjs <folder of the package> <host:port>`. Fails below A+.
const [folder, host] = process.argv.slice(2);
const { scan } = await import(`${folder}/src/scanner/index.js`);
const { scan: outcome, tests } = await scan(host);
for (const [name, test] of Object.entries(tests)) {
  console.log(`${test.pass ? "pass" : "FAIL"} ${String(test.scoreModifier).padStart(4)}  ${name}: ${test.result}`);
}
console.log(`Grade ${outcome.grade}, ${outcome.score} points, ${outcome.testsPassed} of ${outcome.testsQuantity} tests passed.`);
process.exit(outcome.grade === "A+" ? 0 : 1);
