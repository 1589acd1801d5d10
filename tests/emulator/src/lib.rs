//! Local emulator of the Tencent Chat REST API, for tests and demos.
