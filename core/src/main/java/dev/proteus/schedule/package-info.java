/// How learning rates change while an optimizer works. Layer 10.
///
/// Depends on `optim`. Start reading at `Schedule`, then `LrScheduler`; the others are formulas.
@NullMarked
package dev.proteus.schedule;

import org.jspecify.annotations.NullMarked;
