/// What a tensor is apart from its values: sizes, strides, element type and device. Layer 1.
///
/// Depends on `error`. Start reading at [Shape], then [Layout].
@NullMarked
package dev.proteus.type;

import org.jspecify.annotations.NullMarked;
