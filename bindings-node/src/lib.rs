//! Node addon over tencent-im-core.
