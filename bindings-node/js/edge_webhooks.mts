/** Runtimes that load no addons: the package for them, under this one's name. */

export * from 'tencent-im-wasm/webhooks';
