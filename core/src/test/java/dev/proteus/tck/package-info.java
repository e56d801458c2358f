/// The conformance kit: what every backend must compute, tried out operator by operator. A backend
/// extends `BackendConformance` in its own tests.
///
/// It may depend on everything in core and on the reference backend, which is its oracle. Read
/// `Sample` first, then `Trial`.
@NullMarked
package dev.proteus.tck;

import org.jspecify.annotations.NullMarked;
