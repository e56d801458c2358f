package dev.proteus.codegen;

import dev.proteus.expr.ExprKey;
import dev.proteus.type.DType;
import java.util.List;

/// The kernel of a pointwise operator: an expression, evaluated at every place of a space.
///
/// Its arguments are a pointer for each operand of the [Reading], the pointer of the result, that
/// of the word in which errors are noted, and the numbers: sizes of the space; start and strides of
/// each operand, of each coordinate and of the result; constants.
///
/// @param key the expression
/// @param rank axes of the space
/// @param paces how the operands, the coordinates and the result move along the last axis
/// @param index the type of indices
public record MapSource(ExprKey key, int rank, List<Pace> paces, IndexType index) {
  public MapSource {
    paces = List.copyOf(paces);
  }

  /// The kernel under a name.
  public KernelSource named(String name) {
    Reading reading = Reading.of(key);
    Walks walks = new Walks("o", rank, 0, paces);
    Renderer renderer = reading.renderer(key, walks, walks.end());
    DType dtype = key.steps().getLast().dtype();
    String element =
        renderer.statements("      ")
            + "      "
            + CType.store(dtype, "y", walks.place(reading.movers()), renderer.result());
    return index.kernel(
        name,
        walks.end() + reading.constants(),
        reading.parameters() + "GLOBAL " + CType.stored(dtype) + "* RESTRICT y",
        rank == 1 ? flat(walks, element) : rows(walks, element));
  }

  private static String flat(Walks walks, String element) {
    return walks.starts("  ") + "  FOR_EACH(j, " + walks.length() + ")\n" + element + "\n  END\n";
  }

  private static String rows(Walks walks, String element) {
    int outer = walks.rank() - 1;
    return "  FOR_ROWS(r, "
        + walks.product(outer)
        + ", "
        + walks.length()
        + ")\n"
        + walks.starts("    ")
        + walks.moves("    ", "r", outer)
        + "    FOR_COLUMNS(j, r, "
        + walks.length()
        + ")\n"
        + element
        + "\n    END\n  END\n";
  }
}
