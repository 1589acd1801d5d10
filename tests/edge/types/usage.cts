// The same by require; never run.

import sdk = require('tencent-im-wasm');

const im: sdk.Client = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'key' });
const done: Promise<sdk.Empty> = im.accounts.kick({ userId: 'a' });
done.catch((error: unknown) => error instanceof sdk.TransportError && error.httpStatus);
