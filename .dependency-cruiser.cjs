/** Who may import whom. Each rule is proved by a planted violation in test/architecture. */

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const packages = (names) => `(^|/)node_modules/(${names})/`;

/** Which adapters may use which packages; `node:` modules are free to adapters. */
const onlyIn = (folder, names) =>
  rule(
    `${folder}-packages-stay-there`,
    `Only ${folder} may know ${names}.`,
    { path: '^src/', pathNot: `^src/${folder}/` },
    { path: packages(names) },
  );

module.exports = {
  forbidden: [
    rule('no-cycles', 'Files that need each other are one thing, or badly cut.', {}, { circular: true }),
    rule(
      'domain-is-pure',
      'The domain imports no package, no node: module, no other layer.',
      { path: '^src/domain/' },
      { pathNot: '^src/domain/' },
    ),
    rule(
      'shared-imports-nothing',
      'What all contexts share knows none of them.',
      { path: '^src/domain/shared/' },
      { pathNot: '^src/domain/shared/' },
    ),
    rule(
      'application-knows-no-technology',
      'Use cases see the domain and ports alone.',
      { path: '^src/application/' },
      { pathNot: '^src/(domain|application)/' },
    ),
    rule(
      'contexts-share-types-only',
      "One context may name the types of another, and use nothing of it; text is everybody's.",
      { path: '^src/(domain|application)/([^/]+)/' },
      {
        path: '^src/(domain|application)/',
        pathNot: '^src/(domain|application)/($2|shared|text)/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'adapters-do-not-know-each-other',
      'An adapter can be replaced without a look at another.',
      { path: '^src/adapters/([^/]+)/' },
      { path: '^src/(adapters|infrastructure)/', pathNot: '^src/adapters/$1/' },
    ),
    onlyIn('adapters/sequelize', 'sequelize|pg|umzug'),
    onlyIn('adapters/http', 'express|helmet|cookie|secure-json-parse|@modelcontextprotocol/sdk|ws'),
    onlyIn('adapters/security', 'bcrypt'),
    onlyIn('adapters/oauth', 'openid-client|oauth4webapi|jose'),
    onlyIn('adapters/language-model', 'gpt-tokenizer|eventsource-parser'),
    onlyIn('adapters/documents', 'marked|csv-parse|saxes|yauzl|linkedom|@mozilla/readability|mammoth|pdfjs-dist'),
    onlyIn('adapters/embedded', 'lru-cache'),
    onlyIn('adapters/redis', 'redis|@redis'),
    onlyIn('infrastructure', 'inversify|@inversifyjs|pino|prom-client'),
    rule(
      'migrations-do-not-change-with-the-code',
      'A migration imports nothing that may change later.',
      { path: '^migrations/' },
      { pathNot: packages('sequelize|umzug|@types/sequelize') },
    ),
    rule(
      'seeders-go-through-the-ports',
      'Seeders run on every record store.',
      { path: '^seeders/' },
      { pathNot: '^src/(domain|application)/' },
    ),
    rule(
      'clients-use-the-wire',
      'Clients know the HTTP API, not the code behind it.',
      { path: '^clients/' },
      { path: '^src/' },
    ),
    rule(
      'src-stands-alone',
      'The server needs nothing around it.',
      { path: '^src/' },
      { path: '^(test|bench|clients|ops)/' },
    ),
    rule(
      'product-needs-no-tests',
      'Without its tests and benchmarks the product starts, replays and makes its documents.',
      { path: '^(clients|ops|migrations|seeders)/' },
      { path: '^(test|bench)/' },
    ),
    rule(
      'no-barrels',
      'Import the file that has what you need.',
      {},
      { path: '(^|/)index[.][jt]s$', pathNot: 'node_modules' },
    ),
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^bench/node_modules/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
