"""What deployment artefacts name in the repository: ``project.model(references)``, in `reading`.

Nothing is imported here, so that the words about paths and programs cost nobody the readers of Compose and Helm.
"""
