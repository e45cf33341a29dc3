"""Models of serd in PyTorch, onnxruntime and TensorFlow: whether they answer the same there."""
