package dev.proteus.backend.opencl;

import dev.proteus.op.ArgMax;
import dev.proteus.op.Attention;
import dev.proteus.op.AttentionBackward;
import dev.proteus.op.AvgPool;
import dev.proteus.op.AvgPoolBackward;
import dev.proteus.op.BatchNorm;
import dev.proteus.op.BatchNormBackward;
import dev.proteus.op.Cat;
import dev.proteus.op.Conv;
import dev.proteus.op.ConvTranspose;
import dev.proteus.op.ConvWeight;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.CrossEntropyBackward;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.op.GroupNorm;
import dev.proteus.op.LayerNorm;
import dev.proteus.op.LayerNormBackward;
import dev.proteus.op.Linear;
import dev.proteus.op.LogSoftmax;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.MatMul;
import dev.proteus.op.MaxPool;
import dev.proteus.op.MaxPoolBackward;
import dev.proteus.op.Place;
import dev.proteus.op.RmsNorm;
import dev.proteus.op.RmsNormBackward;
import dev.proteus.op.Softmax;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.op.Sort;
import dev.proteus.op.TopK;
import dev.proteus.spi.FastKernels;

/// What OpenCL devices do faster than by definition: one line per kernel.
final class OpenClKernels {
  /// The table.
  static final FastKernels<OpenClBackend> TABLE =
      FastKernels.<OpenClBackend>none()
          .composite(MatMul.class, MatMulKernel::matMul)
          .composite(Linear.class, MatMulKernel::linear)
          .composite(Attention.class, AttentionKernel::forward)
          .composite(AttentionBackward.class, AttentionKernel::backward)
          .composite(Conv.class, ConvKernel::conv)
          .composite(ConvTranspose.class, ConvKernel::transpose)
          .composite(ConvWeight.class, ConvWeightKernel::make)
          .composite(MaxPool.class, PoolKernel::max)
          .composite(MaxPoolBackward.class, PoolKernel::maxBackward)
          .composite(AvgPool.class, PoolKernel::average)
          .composite(AvgPoolBackward.class, PoolKernel::averageBackward)
          .composite(Softmax.class, AxisKernel::softmax)
          .composite(SoftmaxBackward.class, AxisKernel::softmaxBackward)
          .composite(LogSoftmax.class, AxisKernel::logSoftmax)
          .composite(LogSoftmaxBackward.class, AxisKernel::logSoftmaxBackward)
          .composite(CrossEntropy.class, CrossEntropyKernel::forward)
          .composite(CrossEntropyBackward.class, CrossEntropyKernel::backward)
          .composite(LayerNorm.class, NormKernel::layerNorm)
          .composite(LayerNormBackward.class, NormKernel::layerNormBackward)
          .composite(RmsNorm.class, NormKernel::rmsNorm)
          .composite(RmsNormBackward.class, NormKernel::rmsNormBackward)
          .composite(GroupNorm.class, NormKernel::groupNorm)
          .composite(BatchNorm.class, BatchNormKernel::forward)
          .composite(BatchNormBackward.class, BatchNormKernel::backward)
          .composite(ArgMax.class, AxisKernel::argmax)
          .composite(Sort.class, SortKernel::sort)
          .composite(TopK.class, SortKernel::topk)
          .composite(CumSum.class, AxisKernel::cumSum)
          .composite(Cumulate.class, AxisKernel::cumulate)
          .composite(Cat.class, PlaceKernel::cat)
          .composite(Place.class, PlaceKernel::place);

  private OpenClKernels() {}
}
