/// Products of matrices, and what is made of them: linear layers and attention. Depends on
/// `dev.proteus.backend.cpu` and its packages for memory and loops.
///
/// Start reading at [dev.proteus.backend.cpu.product.Product], then `Products`, who shares them
/// out.
@NullMarked
package dev.proteus.backend.cpu.product;

import org.jspecify.annotations.NullMarked;
