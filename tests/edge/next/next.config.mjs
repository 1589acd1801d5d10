// `tencent-im` loads an addon, so it stays out of the bundle; `tencent-im-wasm` needs no setting.
export default { serverExternalPackages: ['tencent-im'], turbopack: { root: import.meta.dirname } };
