// Imports the demo's accounts with the npm package for Node servers.

import { Client } from 'tencent-im';
import { readAccounts } from './accounts.mjs';
import { importAll } from './import_all.mjs';

const im = new Client({ rateLimits: false });
console.log(JSON.stringify(await importAll(im, readAccounts())));
await im.close();
