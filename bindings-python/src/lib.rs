//! Python extension over tencent-im-core.
