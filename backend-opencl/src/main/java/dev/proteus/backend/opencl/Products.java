package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.backend.opencl.OpenClDriver.Entry;
import dev.proteus.codegen.Product;
import dev.proteus.codegen.Tile;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;

/// Runs products of matrices: packs the left operand, then multiplies. Where loops go by chunks
/// each item has room for the panel that it packs for itself.
final class Products {
  /// Terms that take about as long as an element of a map.
  private static final long TERMS = 8;

  private Products() {}

  /// The buffers of a product.
  ///
  /// @param bias read only if the product has one
  record Buffers(Buffer left, Buffer right, Buffer bias, Buffer result) {}

  static void run(OpenClBackend backend, Product product, Buffers buffers) {
    Programs programs = backend.programs();
    DType dtype = product.right().dtype();
    int bytes = dtype.accumulator().bytes();
    Tile tile = Tile.of(dtype, programs.vectorBytes());
    Product.Cut cut = product.cut(programs.loops(), tile, programs.enough());
    long work =
        product.count() * product.m() * product.n() * product.k() * product.blocks() / TERMS;
    long packed = product.packed(tile);
    OpenClStorage left = backend.allocate(packed * bytes);
    try {
      programs.launch(
          programs.entry(product.packing(tile)),
          List.of(buffers.left(), left.buffer()),
          product.packingWords(),
          packed);
      List<Buffer> all = List.of(left.buffer(), buffers.right(), buffers.bias(), buffers.result());
      Entry entry = programs.entry(product.source(tile));
      long[] words = product.words(tile, cut);
      switch (programs.loops()) {
        case CHUNKS -> {
          long panel = product.k() * tile.columns() * bytes;
          OpenClStorage room = backend.allocate(programs.teams(cut.tasks(), work) * panel);
          try {
            List<Buffer> withRoom = new ArrayList<>(all);
            withRoom.add(room.buffer());
            programs.launchTeams(entry, withRoom, words, cut.tasks(), work);
          } finally {
            room.release();
          }
        }
        case STRIPES -> programs.launchTeams(entry, all, words, cut.tasks(), work);
      }
    } finally {
      left.release();
    }
  }
}
