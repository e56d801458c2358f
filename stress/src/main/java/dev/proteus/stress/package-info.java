/// Races: each class is a family of them, each nested class one race, run a million times by
/// jcstress while it watches what comes out.
///
/// Where the content does not matter, tensors are on the meta device, so that a sample costs
/// little: what a call saw is told by the size or the type of its result.
@NullMarked
package dev.proteus.stress;

import org.jspecify.annotations.NullMarked;
